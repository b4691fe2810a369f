/** The script of those who read: parents, children, supporters, solicitors, interpreters, observers. No editor in it. */

import { hideAndShow } from "./reading/hide";
import { startReading } from "./reading/page";

hideAndShow();
startReading();
