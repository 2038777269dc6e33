import { useState } from 'react';
import { Time } from '../../look/time.tsx';
import { JobAsked, useJob } from '../jobs.tsx';
import ops from '../ops.module.css';
import { Panel, Right, Table, To } from '../parts.tsx';
import type { AsOf } from '../system.ts';
import { Drop } from './drop.tsx';

/** The views that are kept as they stood at a time. */
export function AsOfs({ asOfs }: { asOfs: readonly AsOf[] }) {
  const [jobId, setJobId] = useState<string>();
  const job = useJob(jobId);
  return (
    <Panel title="Kept as of a time" tools={<To to="/ops/time">Time machine</To>} flush>
      {asOfs.length === 0 && (
        <p className={ops.note}>
          None. The time machine keeps views as they stood at an event, for reads with{' '}
          <code>?asOf=NAME</code>.
        </p>
      )}
      {asOfs.length > 0 && (
        <Table
          label="Views kept as of a time"
          columns={['Name', 'Shows', 'Views', 'Built', { label: 'Acts', hidden: true }]}
        >
          {asOfs.map(({ name, time, views, builtAt }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>
                <Time at={time} precise />
              </td>
              <td>{views.map(({ view }) => view).join(', ')}</td>
              <td>{builtAt ? <Time at={builtAt} /> : 'not complete'}</td>
              <Right>
                <Drop name={name} onAsked={setJobId}>
                  <p>
                    Reads with this name are refused then. The log keeps all that it is made of.
                  </p>
                </Drop>
              </Right>
            </tr>
          ))}
        </Table>
      )}
      {jobId && (
        <div className={ops.note}>
          <JobAsked asked={job} />
        </div>
      )}
    </Panel>
  );
}
