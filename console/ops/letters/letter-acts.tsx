import { useState } from 'react';
import { Button, Field, inputClass, Row } from '../../look/parts.tsx';
import { Dialog } from '../../shell/dialog.tsx';
import { perform } from '../../system/act.ts';
import { discardLetters, retryLetters } from '../acts.ts';
import { type Filter, filterText } from '../filter.ts';
import { JobAsked, useJob } from '../jobs.tsx';
import ops from '../ops.module.css';
import { Panel } from '../parts.tsx';
import { whole } from '../system.ts';

type LetterActsProps = { filter: Filter; count: number };

/** Retry or discard what a filter finds: how many, a question, and a result for each. */
export function LetterActs({ filter, count }: LetterActsProps) {
  const [asking, setAsking] = useState<'retry' | 'discard' | null>(null);
  const [jobId, setJobId] = useState<string>();
  const job = useJob(jobId);
  const act = (reason: string) => {
    const wanted = asking === 'discard' ? discardLetters(filter, reason) : retryLetters(filter);
    setAsking(null);
    void perform({ ...wanted, done: (answer) => setJobId(answer.jobId) });
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
        <Dialog
          title={`${asking === 'retry' ? 'Retry' : 'Discard'} ${letters}?`}
          onClose={() => setAsking(null)}
        >
          <Question act={asking} filter={filter} onYes={act} />
        </Dialog>
      )}
      {(job.data || job.error) && (
        <Panel title={`What came of it${job.data ? `: ${job.data.act}` : ''}`}>
          <JobAsked asked={job} />
        </Panel>
      )}
    </>
  );
}

type QuestionProps = {
  act: 'retry' | 'discard';
  filter: Filter;
  onYes: (reason: string) => void;
};

function Question({ act, filter, onYes }: QuestionProps) {
  const submit = (form: React.FormEvent<HTMLFormElement>) => {
    form.preventDefault();
    onYes(String(new FormData(form.currentTarget).get('reason') ?? ''));
  };
  return (
    <form className={ops.form} onSubmit={submit}>
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
        <>
          <p>
            A discarded event stays in the log, but this view will never show it; the events behind
            it go on.
          </p>
          <Field label="Why?">
            <input name="reason" className={inputClass} required maxLength={500} />
          </Field>
        </>
      )}
      <Row>
        <Button type="submit" kind="main">
          {act === 'retry' ? 'Retry' : 'Discard'}
        </Button>
      </Row>
    </form>
  );
}
