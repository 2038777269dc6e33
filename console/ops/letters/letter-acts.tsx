import { useState } from 'react';
import { Button, Row } from '../../look/parts.tsx';
import { perform } from '../../system/act.ts';
import { discardLetters, retryLetters } from '../acts.ts';
import { whole } from '../amounts.ts';
import { type Filter, filterText } from '../filter.ts';
import { JobAsked, useJob } from '../jobs.tsx';
import { Panel } from '../parts.tsx';
import { Question } from '../question.tsx';

const verbs = { retry: 'Retry', discard: 'Discard' } as const;

type LetterActsProps = {
  filter: Filter;
  count: number;
  /** What was asked for last: whoever shows this keeps it, as letters go from where they were. */
  jobId: string | undefined;
  onAsked: (jobId: string) => void;
};

/** Retry or discard what a filter finds: how many, a question, and a result for each. */
export function LetterActs({ filter, count, jobId, onAsked }: LetterActsProps) {
  const [asking, setAsking] = useState<'retry' | 'discard' | null>(null);
  const job = useJob(jobId);
  const act = (reason: string) => {
    const wanted = asking === 'discard' ? discardLetters(filter, reason) : retryLetters(filter);
    void perform({ ...wanted, done: (answer) => onAsked(answer.jobId) });
  };
  const letters = count === 1 ? 'one dead letter' : `${whole(count)} dead letters`;
  const those = count === 1 ? 'it' : `all ${whole(count)}`;
  return (
    <>
      {count > 0 && (
        <Row>
          <Button icon="undo" onClick={() => setAsking('retry')}>
            Retry {those}
          </Button>
          <Button icon="close" onClick={() => setAsking('discard')}>
            Discard {those}
          </Button>
        </Row>
      )}
      {asking && (
        <Question
          title={`${verbs[asking]} ${letters}?`}
          yes={verbs[asking]}
          why={asking === 'discard'}
          onYes={act}
          onClose={() => setAsking(null)}
        >
          <Consequences act={asking} filter={filter} />
        </Question>
      )}
      {(job.data || job.error) && (
        <Panel title={`What came of it${job.data ? `: ${job.data.act}` : ''}`}>
          <JobAsked asked={job} />
        </Panel>
      )}
    </>
  );
}

const Consequences = ({ act, filter }: { act: 'retry' | 'discard'; filter: Filter }) => (
  <>
    <p>
      A worker takes all{' '}
      {filterText(filter) ? (
        <>
          that <code>{filterText(filter)}</code> finds
        </>
      ) : (
        'that are there'
      )}{' '}
      when it begins. Each has a result of its own, and the audit keeps who asked for it.
    </p>
    {act === 'retry' && <p>An event that fails again stays parked, and nothing else happens.</p>}
    {act === 'discard' && (
      <p>
        A discarded event stays in the log, but this view will never show it; the events behind it
        go on.
      </p>
    )}
  </>
);
