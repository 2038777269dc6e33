import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answerOf } from '#client/client.ts';
import { Empty, Shown } from '../../look/parts.tsx';
import { useScreen } from '../../shell/screen.ts';
import { api } from '../../system/api.ts';
import { FilterBar, useFilter } from '../filter-bar.tsx';
import ops from '../ops.module.css';
import { OpsPage, Panel, Right, Table, To } from '../parts.tsx';

const known = ['type', 'topic'] as const;

/** Every event type, and the versions of its schema. */
export function SchemasPage() {
  useScreen('Schemas');
  const { type, topic } = useFilter(known);
  const schemas = useQuery({
    queryKey: ['ops', 'schemas'],
    queryFn: ({ signal }) => answerOf(api().queries.GET('/v1/ops/schemas', { signal })),
  });
  return (
    <OpsPage
      title="Schemas"
      lead={
        <>
          What each type of event has, version by version. Open one to see what changed, or to check
          another version before it is deployed.
        </>
      }
    >
      <FilterBar known={known} bare="type" placeholder="type:Vote topic:ranking" />
      <Shown what="the schemas" asked={schemas}>
        {({ items }) => {
          const found = items.filter(
            (one) =>
              one.type.toLowerCase().includes((type ?? '').toLowerCase()) &&
              (topic === undefined || one.context === topic),
          );
          return (
            <Panel title={`${found.length} types`} flush>
              {found.length === 0 && (
                <Empty title="No type is like this">
                  <p>Take a part of the filter away, or clear it.</p>
                </Empty>
              )}
              {found.length > 0 && (
                <Table
                  label="Types of events"
                  columns={['Type', 'Topic', 'Subject', { label: 'Versions', right: true }]}
                >
                  {found.map(({ subject, context, type: name, versions }) => (
                    <tr key={subject}>
                      <td>
                        <Link to="/ops/schemas/$type" params={{ type: name }} className={ops.link}>
                          <strong>{name}</strong>
                        </Link>
                      </td>
                      <td>
                        <To to="/ops/tail" search={{ topic: context, type: name }}>
                          {context}
                        </To>
                      </td>
                      <td className={ops.small}>{subject}</td>
                      <Right>{versions.join(', ') || 'none yet'}</Right>
                    </tr>
                  ))}
                </Table>
              )}
            </Panel>
          );
        }}
      </Shown>
    </OpsPage>
  );
}
