import { differing } from '../history.ts';
import ops from '../ops.module.css';
import { Json, Panel } from '../parts.tsx';

type ThenAndNowProps = {
  what: string;
  then: unknown;
  now: unknown;
  /** False while `now` is yet to be read. */
  isKnown?: boolean;
};

/** Two states side by side; what differs is marked in both. */
export function ThenAndNow({ what, then, now, isKnown = true }: ThenAndNowProps) {
  const lit = differing(then, now);
  const shared = (value: unknown) => (value === null || value === undefined ? null : value);
  return (
    <div className={ops.columns}>
      <Panel title={`Then: ${what}`}>
        {shared(then) === null ? <p>It wasn’t there yet.</p> : <Json value={then} lit={lit} />}
      </Panel>
      <Panel title={`Now: ${what}`}>
        {!isKnown && <p className={ops.quiet}>It is being read …</p>}
        {shared(now) === null ? <p>It is gone.</p> : <Json value={now} lit={lit} />}
        {isKnown && lit.length === 0 && <p className={ops.quiet}>The same as then.</p>}
      </Panel>
    </div>
  );
}
