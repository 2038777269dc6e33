/** Server-sent events, as they are defined in the HTML standard. */

/** An event without its id: `lastWith` adds it to the last of those that belong together. */
export const event = (name: string, data: object): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** The events as text. The last one has the id from which a client resumes. */
export const lastWith = (id: string, events: readonly string[]): string =>
  [...events.slice(0, -1), `id: ${id}\n${events.at(-1) ?? ''}`].join('');

/** A comment that shows clients and proxies that the stream lives. It moves the id on, too. */
export const heartbeat = (id: string): string => `: heartbeat\nid: ${id}\n\n`;
