import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type OpsEvent, placeOf } from '../contract.ts';
import { readEvents } from '../history.ts';

/** How many events of one millisecond are looked through for the one that a link means. */
const looked = 100;

type Search = Record<string, string | undefined>;

/** The event that is shown beside the tail. Its place and time stand in the address. */
export function useChosen() {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const [clicked, setClicked] = useState<OpsEvent | null>(null);
  const { event: place, at } = search;
  const isClicked = clicked !== null && placeOf(clicked) === place;
  // Who comes by a link has no list yet that the event could be in.
  const linked = useQuery({
    queryKey: ['ops', 'event', place, at],
    enabled: place !== undefined && !isClicked,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      if (at === undefined) throw new Error('The link has no time: at= has to stand beside event=');
      const filter = { from: at };
      const { items } = await readEvents({ filter, order: 'oldest', limit: looked }, signal);
      return items.find((one) => placeOf(one) === place) ?? null;
    },
  });
  return {
    /** What the address means; undefined without any. */
    place,
    event: isClicked ? clicked : (linked.data ?? null),
    linked,
    choose(event: OpsEvent | null) {
      setClicked(event);
      const wanted = event ? { event: placeOf(event), at: event.time } : {};
      const { event: _, at: __, ...rest } = search;
      void navigate({
        ...{ to: '/ops/tail', search: { ...rest, ...wanted } as object },
        ...{ replace: true, resetScroll: false },
      });
    },
  };
}
