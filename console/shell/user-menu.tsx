import { useState } from 'react';
import { Button, Field, inputClass, Row } from '../look/parts.tsx';
import { settings } from '../system/api.ts';
import { become, isInvented, session, signIn, signOut } from '../system/session.ts';
import { beginSignIn, signInFailure } from '../system/sign-in.ts';
import { useStore } from '../system/store.ts';
import { Dialog } from './dialog.tsx';
import css from './user-menu.module.css';

/** Who uses the console, and how to be somebody else. */
export function UserMenu() {
  const current = useStore(session);
  // Who comes back from a provider without having signed in is told why.
  const [isOpen, setOpen] = useState(() => signInFailure.get() !== null);
  const close = () => {
    setOpen(false);
    signInFailure.set(null);
  };
  return (
    <>
      <Button
        icon="user"
        onClick={() => setOpen(true)}
        aria-label={current ? `You are ${current.user}` : undefined}
      >
        {current?.user ?? 'Sign in'}
      </Button>
      {isOpen && (
        <Dialog title="Who are you?" onClose={close}>
          <DemoUsers onChosen={close} />
          <Provider />
          <PastedToken onChosen={close} />
          {current && (
            <Row>
              <Button
                onClick={() => {
                  signOut();
                  close();
                }}
              >
                Go on without a name
              </Button>
            </Row>
          )}
        </Dialog>
      )}
    </>
  );
}

function DemoUsers({ onChosen }: { onChosen: () => void }) {
  const current = useStore(session);
  const people = settings().demoUsers.filter((user) => !isInvented(user));
  if (people.length === 0) return null;
  return (
    <ul className={css.users}>
      {people.map((person, index) => (
        <li key={person.user}>
          <button
            type="button"
            className={css.user}
            aria-pressed={current?.user === person.user}
            data-first={index === 0 || undefined}
            onClick={() => {
              become(person);
              onChosen();
            }}
          >
            <span className={css.initial} aria-hidden="true">
              {person.user.slice(0, 1).toUpperCase()}
            </span>
            <strong>{person.user}</strong>
            <span>{person.roles.join(', ')}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Provider() {
  const { oidc } = settings();
  const failure = useStore(signInFailure);
  if (!oidc) return null;
  const { again } = failure ?? {};
  return (
    <div className={css.provider}>
      <Button kind="main" onClick={() => void beginSignIn(oidc)}>
        Sign in at {new URL(oidc.issuer).host}
      </Button>
      {failure && (
        <div role="alert">
          <p>You aren’t signed in. {failure.says}</p>
          {again && <Button onClick={() => void again()}>Try again</Button>}
        </div>
      )}
    </div>
  );
}

function PastedToken({ onChosen }: { onChosen: () => void }) {
  const [failure, setFailure] = useState('');
  const submit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('token'));
    if (signIn(text)) onChosen();
    else setFailure('This isn’t a whole token: it has three parts with dots between them.');
  };
  return (
    <form className={css.token} onSubmit={submit}>
      <Field label="Or paste a token">
        <input name="token" className={inputClass} autoComplete="off" required />
      </Field>
      <Button type="submit">Use it</Button>
      {failure && <p role="alert">{failure}</p>}
    </form>
  );
}
