import { Outlet } from '@tanstack/react-router';
import { Button, Empty, Page, Row } from '../look/parts.tsx';
import { useScreen } from '../shell/screen.ts';
import { settings } from '../system/api.ts';
import { become, hasRole, session } from '../system/session.ts';
import { useStore } from '../system/store.ts';

/** The operators' pages need the operators' role; the APIs check it, this only says so at once. */
export function OperatorsOnly() {
  const current = useStore(session);
  return hasRole(current, 'operator') ? <Outlet /> : <NeedsRole user={current?.user ?? null} />;
}

function NeedsRole({ user }: { user: string | null }) {
  useScreen('For operators');
  const operators = settings().demoUsers.filter(({ roles }) => roles.includes('operator'));
  return (
    <Page title="For operators">
      <Empty title="This needs the role operator">
        <p>{user === null ? 'You are not signed in.' : `You are ${user}, who doesn’t have it.`}</p>
        <p>Operators see all events, with what people wrote masked, and run the system.</p>
        {operators.length > 0 ? (
          <Row>
            {operators.map((operator) => (
              <Button key={operator.user} kind="main" onClick={() => become(operator)}>
                Go on as {operator.user}
              </Button>
            ))}
          </Row>
        ) : (
          <p>Sign in, or paste a token, as somebody who has it: by the button at the top right.</p>
        )}
      </Empty>
    </Page>
  );
}
