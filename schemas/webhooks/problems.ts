import { problemType } from '@event-sourced/kernel/problems';

export const webhookUnknown = problemType('webhook-unknown', 404, 'There is no such webhook');
export const webhookDisabled = problemType('webhook-disabled', 409, 'The webhook is disabled');
export const webhooksFull = problemType('webhooks-full', 422, 'The list takes no more webhooks');
export const webhookUrl = problemType('webhook-url', 422, 'Webhooks may not lead to this URL');
export const webhooksOff = problemType('webhooks-off', 501, 'There are no webhooks here');
