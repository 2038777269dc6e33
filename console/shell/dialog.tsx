import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { Button } from '../look/parts.tsx';
import css from './dialog.module.css';

type DialogProps = { title: string; onClose: () => void; children: ReactNode };

/** A dialog of the browser's own: it keeps the focus inside and closes by Escape. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The browser takes the first button, which closes it; who opens a form wants to type.
    const first = ['[data-first]', 'input, select, textarea']
      .map((one) => element?.querySelector<HTMLElement>(one))
      .find(Boolean);
    first?.focus();
    // It may go with what is done in it: the focus returns to where it was all the same.
    return () => element?.close();
  }, []);
  useEffect(() => {
    // Back leads to another page, which this is nothing to.
    window.addEventListener('popstate', onClose);
    return () => window.removeEventListener('popstate', onClose);
  }, [onClose]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard, Escape closes it.
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-label={title}
      // Closed by the browser, it would tell so a frame later: who opens it again in between
      // would see it closed by that.
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={() => dialog.current?.open || onClose()}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className={css.inside}>
        <div className={css.head}>
          <h2>{title}</h2>
          <Button kind="plain" icon="close" aria-label="Close" onClick={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  );
}
