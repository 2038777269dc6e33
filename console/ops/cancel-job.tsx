import { useState } from 'react';
import { Button, Row } from '../look/parts.tsx';
import { perform } from '../system/act.ts';
import { cancelJob } from './acts.ts';
import type { Job } from './contract.ts';
import { Question } from './question.tsx';

/** What is left behind by an act that is cancelled amid its work. */
const leaves: Record<string, string> = {
  rebuild: 'What is built so far stays: the next rebuild of the view goes on with it.',
  'as-of': 'What is built so far stays, until the same is asked for again, or it is dropped.',
  retry: 'Letters that are folded by then stay so; the others stay parked.',
  discard: 'Letters that are discarded by then stay so; the others stay parked.',
};

/** A button that cancels a job, once somebody has said that this is meant. */
export function CancelJob({ job: { jobId, act } }: { job: Job }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Row>
      <Button size="s" icon="close" onClick={() => setIsAsking(true)}>
        Cancel this job
      </Button>
      {isAsking && (
        <Question
          title={`Cancel the ${act}?`}
          yes="Cancel it"
          why
          onYes={(reason) => void perform(cancelJob(jobId, act, reason))}
          onClose={() => setIsAsking(false)}
        >
          <p>Views that are served stay as they are. {leaves[act]}</p>
          <p>The audit keeps who cancelled it, and why.</p>
        </Question>
      )}
    </Row>
  );
}
