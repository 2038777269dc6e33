import { type ReactNode, useState } from 'react';
import { Button } from '../../look/parts.tsx';
import { perform } from '../../system/act.ts';
import { drop } from '../acts.ts';
import { Question } from '../question.tsx';

type DropProps = {
  /** Of a generation, or of what is kept as of a time. */
  name: string;
  disabled?: boolean;
  onAsked: (jobId: string) => void;
  /** What is lost with it, and how to have it again. */
  children: ReactNode;
};

/** A button that has something dropped, once somebody has said that this is meant. */
export function Drop({ name, disabled, onAsked, children }: DropProps) {
  const [isAsking, setAsking] = useState(false);
  const ask = () => void perform({ ...drop(name), done: ({ jobId }) => onAsked(jobId) });
  return (
    <>
      <Button
        size="s"
        kind="plain"
        disabled={disabled}
        aria-label={`Drop ${name}`}
        onClick={() => setAsking(true)}
      >
        Drop
      </Button>
      {isAsking && (
        <Question
          title={`Drop ${name}?`}
          yes="Drop it"
          onYes={ask}
          onClose={() => setAsking(false)}
        >
          {children}
        </Question>
      )}
    </>
  );
}
