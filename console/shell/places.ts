import type { IconName } from '../look/icons.tsx';

/** Where what one types leads to, if it is an id or a filter of the operators' half. */
export type Place = {
  label: string;
  icon: IconName;
  to: string;
  search: Readonly<Record<string, string>>;
};

const filter = /^(movie|user|ticket|stream|correlation):(\S+)$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A topic, a slash, and what the stream is about. */
const stream = /^[a-z][a-z-]*\/\S+$/;

export function placesFor(text: string): Place[] {
  const [, name = '', value = ''] = filter.exec(text) ?? [];
  if (name === 'correlation') return [traceOf(value)];
  if (name !== '') return [eventsOf(name, value), pastOf(name, value)];
  if (uuid.test(text)) return [traceOf(text), eventsOf('ticket', text)];
  return stream.test(text) ? [eventsOf('stream', text), pastOf('stream', text)] : [];
}

const eventsOf = (name: string, value: string): Place => ({
  ...{ label: `The events of ${name} ${value}`, icon: 'events' },
  ...{ to: '/ops/streams', search: { [name]: value } },
});

const pastOf = (name: string, value: string): Place => ({
  ...{ label: `The past of ${name} ${value}`, icon: 'clock' },
  ...{ to: '/ops/time', search: { [name]: value } },
});

const traceOf = (correlation: string): Place => ({
  ...{ label: `The trace of ${correlation}`, icon: 'trace' },
  ...{ to: '/ops/trace', search: { correlation } },
});
