import { type MoviesClient, moviesClient } from '#client/client.ts';
import type { RoleName } from '#schemas/roles.ts';
import type { Service, System } from './system.ts';

/** The services that clients speak to. */
export type Apis = { commandApi: Pick<Service, 'url'>; queryApi: Pick<Service, 'url'> };

/** The typed client of somebody with these roles: each of its reads sees what it did before. */
export async function clientOf(
  system: Pick<System, 'as'>,
  { commandApi, queryApi }: Apis,
  user: string,
  ...roles: RoleName[]
): Promise<MoviesClient> {
  const { authorization } = await system.as(user, ...roles);
  const token = () => authorization.slice('Bearer '.length);
  return moviesClient({ commandApi: commandApi.url, queryApi: queryApi.url, token });
}
