/**
 * Names of OpenTelemetry's semantic conventions. They stand here as text, since their package must
 * not be loaded while no traces are sent; a test compares them.
 */
export const attribute = {
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  path: 'url.path',
  scheme: 'url.scheme',
  system: 'messaging.system.name',
  destination: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  batchSize: 'messaging.batch.message_count',
  messageId: 'messaging.message.id',
  offset: 'kafka.offset',
} as const;
