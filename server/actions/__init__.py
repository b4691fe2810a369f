"""What people do, one use case per function: decide, write in one transaction, then tell. No web framework
here.
"""
