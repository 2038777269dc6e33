import { read, write } from './preferences.ts';
import type { DemoUser, Settings } from './settings.ts';
import { Store } from './store.ts';

/** Who uses the console. Their token says what they may do; the console itself may do nothing. */
export type Session = { user: string; roles: readonly string[]; token: string };

export const session = new Store<Session | null>(null);

/** Null of one who goes on without a name. */
export const userNow = (): string | null => session.get()?.user ?? null;

export const hasRole = (current: Session | null, role: string): boolean =>
  current?.roles.includes(role) ?? false;

/** Invented viewers vote, others are people to be. */
export const isInvented = ({ user }: DemoUser): boolean => /^viewer-\d+$/.test(user);

const tokenKey = 'console.token';
/** What stands in place of a user's name while one goes on without. */
const nobody = '';

/** Takes up the session that this tab had, or the first of the demo users; or goes on without. */
export function resume({ demoUsers }: Settings): void {
  const pasted = stored();
  const named = demoUsers.find(({ user }) => user === read('user'));
  const first = read('user') === nobody ? null : demoUsers.find((user) => !isInvented(user));
  session.set((pasted === null ? null : sessionOf(pasted)) ?? named ?? first ?? null);
}

export function become(user: DemoUser): void {
  store(null);
  write('user', user.user);
  session.set(user);
}

/** @returns whether the text is a token; the APIs decide whether it is a good one. */
export function signIn(token: string): boolean {
  const claimed = sessionOf(token.trim().replace(/^Bearer\s+/i, ''));
  if (!claimed) return false;
  store(claimed.token);
  session.set(claimed);
  return true;
}

export function signOut(): void {
  store(null);
  write('user', nobody);
  session.set(null);
}

/** What the token says of its owner: only for showing it. */
function sessionOf(token: string): Session | null {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
      one.charCodeAt(0),
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
    return { user: String(claims.sub), roles, token };
  } catch {
    return null;
  }
}

/** A token is kept for this tab alone. */
function stored(): string | null {
  try {
    return sessionStorage.getItem(tokenKey);
  } catch {
    return null;
  }
}

function store(token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(tokenKey);
    else sessionStorage.setItem(tokenKey, token);
  } catch {
    // The browser forbids storage: the session ends with the page.
  }
}
