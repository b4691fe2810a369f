// Percentiles of times in milliseconds.

export class Times {
  constructor() {
    this.list = [];
  }

  add(milliseconds) {
    this.list.push(milliseconds);
  }

  /** {count, p50, p99, max}, or null if there were none. */
  figures() {
    if (this.list.length === 0) return null;
    const sorted = Float64Array.from(this.list).sort();
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted[sorted.length - 1] };
  }
}
