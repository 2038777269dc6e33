import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '#client/client.ts';
import { Badge, Button, Failure, Field, inputClass, Row } from '../../look/parts.tsx';
import { api } from '../../system/api.ts';
import ops from '../ops.module.css';
import { Panel } from '../parts.tsx';
import { DifferencesOf } from './schema-differences.tsx';

/** Asks the registry whether it would take a schema; nothing is changed. */
export function SchemaCheck({ type, initial }: { type: string; initial: string }) {
  const [schema, setSchema] = useState(initial);
  const check = useMutation({
    mutationFn: (text: string) => {
      const params = { path: { type } };
      return answerOf(
        api().queries.POST('/v1/ops/schemas/{type}/check', { params, body: { schema: text } }),
      );
    },
  });
  return (
    <Panel title="Would another version do?">
      <form
        className={ops.form}
        onSubmit={(form) => {
          form.preventDefault();
          check.mutate(schema);
        }}
      >
        <Field label="An Avro schema, as JSON">
          <textarea
            className={`${inputClass} ${ops.code}`}
            rows={12}
            spellCheck={false}
            value={schema}
            onChange={({ target }) => setSchema(target.value)}
          />
        </Field>
        <Row>
          <Button type="submit" kind="main" disabled={check.isPending}>
            Check it
          </Button>
        </Row>
      </form>
      <div className={ops.form} role="status">
        {check.data && (
          <>
            <p>
              <Badge tone={check.data.compatible ? 'good' : 'bad'}>
                {check.data.compatible ? 'The registry would take it' : 'It would be refused'}
              </Badge>
            </p>
            {check.data.messages.map((message) => (
              <p key={message}>{message}</p>
            ))}
            {/* What is no schema has no fields to compare. */}
            {(check.data.compatible || check.data.differences.length > 0) && (
              <DifferencesOf differences={check.data.differences} />
            )}
          </>
        )}
      </div>
      {check.error && <Failure error={check.error} again={() => check.mutate(schema)} />}
    </Panel>
  );
}
