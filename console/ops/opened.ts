import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';

/** The opened row of a list: it stands in the address, so that a link leads to it. */
export function useOpened() {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { opened } = search;
  return {
    opened,
    /** Opens a row, or closes it if it is open. */
    toggle(id: string) {
      const wanted = id === opened ? undefined : id;
      void navigate({
        ...{ to: pathname, search: { ...search, opened: wanted } as object },
        ...{ replace: true, resetScroll: false },
      });
    },
  };
}
