import type { ReactNode } from 'react';
import { Button, Field, inputClass, Row, toBeFilled } from '../look/parts.tsx';
import { Dialog } from '../shell/dialog.tsx';
import ops from './ops.module.css';

type QuestionProps = {
  title: string;
  /** What the button says that does it. */
  yes: string;
  /** Whether a reason has to be given, which the audit keeps. */
  why?: boolean;
  onYes: (reason: string) => void;
  onClose: () => void;
  children: ReactNode;
};

/** A dialog that asks whether an act is meant, and why, before it is done. */
export function Question({ title, yes, why, onYes, onClose, children }: QuestionProps) {
  const submit = (form: React.FormEvent<HTMLFormElement>) => {
    form.preventDefault();
    const reason = String(new FormData(form.currentTarget).get('reason') ?? '');
    onClose();
    onYes(reason);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={ops.form} onSubmit={submit}>
        {children}
        {why && (
          <Field label="Why?">
            <input name="reason" className={inputClass} {...toBeFilled} maxLength={500} />
          </Field>
        )}
        <Row>
          <Button type="submit" kind="main">
            {yes}
          </Button>
        </Row>
      </form>
    </Dialog>
  );
}
