/** A process that is started with `node --import` of this file has a clock that is years ahead. */

const now = Date.now;
Date.now = () => now() + 73 * 365 * 86_400_000;
