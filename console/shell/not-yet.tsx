import { Page } from '../look/parts.tsx';
import css from './not-yet.module.css';

/** In place of the whole console, while query-api doesn't say what the console needs to begin. */
export const NotYet = ({ why }: { why: string }) => (
  <main className={css.page}>
    <Page title="Movies">
      <p className={css.why} role="alert">
        {why} The console asks again each second, and comes by itself.
      </p>
    </Page>
  </main>
);
