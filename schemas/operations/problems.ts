import { problemType } from '@event-sourced/kernel/problems';

export const jobUnknown = problemType('job-unknown', 404, 'There is no such job');
export const jobEnded = problemType('job-ended', 409, 'The job has ended already');
export const notRevealed = problemType('not-revealed', 403, 'You have not revealed it lately');
