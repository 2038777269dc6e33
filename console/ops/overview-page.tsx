import { Empty, Page } from '../look/parts.tsx';
import { useScreen } from '../shell/screen.ts';

export function OverviewPage() {
  useScreen('Operations');
  return (
    <Page title="Operations" lead="The system in one picture.">
      <Empty title="Nothing here yet">
        <p>
          Until this page is there, <code>npm run replay -- status</code> shows the views and their
          lag.
        </p>
      </Empty>
    </Page>
  );
}
