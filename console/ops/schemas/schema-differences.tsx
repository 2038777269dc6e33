import { Badge } from '../../look/parts.tsx';
import { Table } from '../parts.tsx';

export type Difference = {
  path: string;
  change: 'added' | 'removed' | 'changed';
  before?: unknown;
  after?: unknown;
};

const tone = { added: 'good', removed: 'bad', changed: 'wait' } as const;

export function DifferencesOf({ differences }: { differences: readonly Difference[] }) {
  if (differences.length === 0) return <p>It has the same fields as the one before.</p>;
  return (
    <Table label="What changed" columns={['Field', 'Change', 'Before', 'After']}>
      {differences.map(({ path, change, before, after }) => (
        <tr key={`${path} ${change}`}>
          <td>
            <code>{path}</code>
          </td>
          <td>
            <Badge tone={tone[change]}>{change}</Badge>
          </td>
          <td>{before ? <code>{JSON.stringify(before)}</code> : ''}</td>
          <td>{after ? <code>{JSON.stringify(after)}</code> : ''}</td>
        </tr>
      ))}
    </Table>
  );
}
