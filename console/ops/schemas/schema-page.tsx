import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { answerOf } from '#client/client.ts';
import { Badge, Empty, Shown } from '../../look/parts.tsx';
import { useScreen } from '../../shell/screen.ts';
import { api } from '../../system/api.ts';
import ops from '../ops.module.css';
import { Json, OpsPage, Panel, To } from '../parts.tsx';
import { SchemaCheck } from './schema-check.tsx';
import { DifferencesOf } from './schema-differences.tsx';

const schemaOf = (type: string, signal: AbortSignal) =>
  answerOf(api().queries.GET('/v1/ops/schemas/{type}', { params: { path: { type } }, signal }));

type Versions = Awaited<ReturnType<typeof schemaOf>>['versions'];

/** A type's schema: its versions, what each changed, and a check of another one. */
export function SchemaPage() {
  const { type } = useParams({ strict: false }) as { type: string };
  useScreen(`Schema of ${type}`);
  const schema = useQuery({
    queryKey: ['ops', 'schema', type],
    queryFn: ({ signal }) => schemaOf(type, signal),
  });
  return (
    <OpsPage title={type} lead={<To to="/ops/schemas">All schemas</To>}>
      <Shown what="the schema" asked={schema}>
        {({ subject, versions }) => {
          const newest = versions.at(-1)?.schema;
          return (
            <>
              <p className={ops.small}>{subject}</p>
              {versions.length === 0 && (
                <Empty title="The registry has no version of it yet">
                  <p>
                    Deploy the schemas: <code>npm run schemas:deploy</code>
                  </p>
                </Empty>
              )}
              {versions.toReversed().map((one) => (
                <Version key={one.version} version={one} isNewest={one === versions.at(-1)} />
              ))}
              <SchemaCheck
                key={type}
                type={type}
                initial={newest === undefined ? '' : JSON.stringify(newest, null, 2)}
              />
            </>
          );
        }}
      </Shown>
    </OpsPage>
  );
}

type VersionProps = { version: Versions[number]; isNewest: boolean };

const Version = ({ version: { version, id, schema, differences }, isNewest }: VersionProps) => (
  <Panel
    title={`Version ${version}`}
    tools={
      <>
        {isNewest && <Badge tone="good">newest</Badge>}
        <span className={ops.small}>id {id} in the registry</span>
      </>
    }
  >
    {version > 1 && <DifferencesOf differences={differences} />}
    <details>
      <summary>The schema</summary>
      <Json value={schema} />
    </details>
  </Panel>
);
