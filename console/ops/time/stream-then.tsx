import { Failure, MissedRead } from '../../look/parts.tsx';
import type { OpsEvent } from '../contract.ts';
import { useNewest } from '../history.ts';
import { ThenAndNow } from './then-and-now.tsx';

/** The newest event of the stream at that moment, and the newest one now. */
export function StreamThen({ event, stream }: { event: OpsEvent; stream: string }) {
  const newest = useNewest(stream);
  // Until it is read, what was true then stands there, and isn't called the same.
  const now = newest.data ?? event;
  const what = `the newest event of ${stream}`;
  if (newest.error && newest.data === undefined) {
    return <Failure what={what} error={newest.error} again={() => void newest.refetch()} />;
  }
  return (
    <>
      <MissedRead what={what} asked={newest} />
      <ThenAndNow
        what={what}
        then={event.data}
        now={now.data}
        isKnown={newest.data !== undefined}
      />
    </>
  );
}
