/** The name of views kept as they stood at a time; reads ask for them by `?asOf=NAME`. */
export const asOfName = /^[A-Za-z0-9_-]{1,64}$/;
