import { Badge } from '../../look/parts.tsx';
import { whole } from '../amounts.ts';
import { Table } from '../parts.tsx';
import css from './guide.module.css';

type Field = { field: string; a?: unknown; b?: unknown };

export type Differences = {
  added: number;
  removed: number;
  changed: number;
  same: number;
  samples: { id: string; change: 'added' | 'removed' | 'changed'; fields?: Field[] }[];
};

const text = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));

/** How two generations differ: how often in which way, and some of the documents. */
export function DifferencesView({ differences }: { differences: Differences }) {
  const { added, removed, changed, same, samples } = differences;
  const differing = added + removed + changed;
  return (
    <>
      <p className={css.counts}>
        <Badge tone={differing === 0 ? 'good' : undefined}>{whole(same)} the same</Badge>
        <Badge tone={changed > 0 ? 'wait' : undefined}>{whole(changed)} changed</Badge>
        <Badge tone={added > 0 ? 'wait' : undefined}>{whole(added)} added</Badge>
        <Badge tone={removed > 0 ? 'wait' : undefined}>{whole(removed)} removed</Badge>
      </p>
      {differing === 0 && <p>Both are the same: a switch changes nothing that readers see.</p>}
      {samples.length > 0 && (
        <Table label="Documents that differ" columns={['Document', 'Field', 'Served', 'New']}>
          {samples.flatMap(({ id, change, fields }) =>
            (fields ?? [{ field: `(${change})` } as Field]).map(({ field, a, b }) => (
              <tr key={`${id} ${field}`}>
                <td>{id}</td>
                <td>{field}</td>
                <td className={css.before}>{fields ? text(a) : ''}</td>
                <td className={css.after}>{fields ? text(b) : ''}</td>
              </tr>
            )),
          )}
        </Table>
      )}
    </>
  );
}
