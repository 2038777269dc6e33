import type { IconName } from '../look/icons.tsx';
import { settings } from '../system/api.ts';
import { clock, type Theme, theme } from '../system/preferences.ts';
import { become, isInvented, session, signOut } from '../system/session.ts';

/** What the palette does besides leading to pages. */
export type Command = { label: string; icon: IconName; also: string; run: () => void };

const looks: { look: Theme; label: string; icon: IconName }[] = [
  { look: 'light', label: 'Look light', icon: 'sun' },
  { look: 'dark', label: 'Look dark', icon: 'moon' },
  { look: 'system', label: 'Look as the system does', icon: 'auto' },
];

/** The commands that would change something now. */
export const commands = (): Command[] => [
  otherClock(),
  ...looks
    .filter(({ look }) => look !== theme.get())
    .map(({ look, ...said }) => ({ ...said, also: 'theme mode', run: () => theme.set(look) })),
  ...others(),
];

function otherClock(): Command {
  const [other, label] =
    clock.get() === 'utc'
      ? (['local', 'Show local times'] as const)
      : (['utc', 'Show times in UTC'] as const);
  return { label, icon: 'clock', also: 'clock zone', run: () => clock.set(other) };
}

/** Other people to be. */
function others(): Command[] {
  const current = session.get();
  const people = settings().demoUsers.filter(
    (person) => !isInvented(person) && person.user !== current?.user,
  );
  const found = people.map(
    (person): Command => ({
      ...{ label: `Be ${person.user}`, icon: 'user', also: `user ${person.roles.join(' ')}` },
      run: () => become(person),
    }),
  );
  if (!current) return found;
  return [
    ...found,
    { label: 'Go on without a name', icon: 'user', also: 'sign out', run: signOut },
  ];
}
