/** The name of an as-of: the replay tool gives it, reads ask for it by `?asOf=NAME`. */
export const asOfName = /^[A-Za-z0-9_-]{1,64}$/;
