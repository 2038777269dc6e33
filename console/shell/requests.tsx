import { useState } from 'react';
import { Button } from '../look/parts.tsx';
import { requests, type SentRequest } from '../system/requests.ts';
import { useStore } from '../system/store.ts';
import { Dialog } from './dialog.tsx';
import css from './requests.module.css';

/** Shows the newest requests as a person would send them. */
export function RequestsButton({ title }: { title: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="code" size="s" onClick={() => setOpen(true)}>
        Show the request
      </Button>
      {isOpen && (
        <Dialog title={`Requests behind “${title}”`} onClose={() => setOpen(false)}>
          <Requests />
        </Dialog>
      )}
    </>
  );
}

function Requests() {
  const sent = useStore(requests);
  // Those that were there when the dialog was opened: a page may ask on behind it.
  const [shown] = useState(sent);
  return (
    <>
      <p>
        Newest first. The console has no other way in: set <code>TOKEN</code> to a token, such as
        that of <code>npm run token -- --user alice</code>, and paste.
      </p>
      <ol className={css.requests}>
        {shown.map((request) => (
          <Curl key={request.id} request={request} />
        ))}
      </ol>
    </>
  );
}

const byHand = 'Copy it by hand';

/** A token may be as long as a page; it is copied whole. */
const shortened = (curl: string): string =>
  curl.replace(/(consistency-token: [^']{24})[^']+/, '$1…');

function Curl({ request }: { request: SentRequest }) {
  const [says, setSays] = useState('Copy');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(request.curl);
      setSays('Copied');
    } catch {
      // Browsers let pages copy only over https and on this machine.
      setSays(byHand);
    }
  };
  return (
    <li>
      <pre>{says === byHand ? request.curl : shortened(request.curl)}</pre>
      <Button size="s" onClick={() => void copy()}>
        {says}
      </Button>
    </li>
  );
}
