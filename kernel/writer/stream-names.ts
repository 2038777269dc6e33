/** A stream's full name is `topic/id`. */

export const topicOf = (stream: string): string => stream.slice(0, stream.indexOf('/'));

/** The id of a stream within its topic. */
export const idOf = (stream: string): string => stream.slice(stream.indexOf('/') + 1);
