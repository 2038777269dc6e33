// Written by `npm run generate` from docs/openapi/command-api.json.

export interface paths {
    "/v1/movies/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add a movie, or change its details
         * @description Needs the role catalogue.
         */
        put: operations["put-movie"];
        post?: never;
        /**
         * Retire a movie: lists hide it, its page stays
         * @description Needs the role catalogue.
         */
        delete: operations["retire-movie"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/{movieId}/vote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Like or dislike a movie
         * @description Needs the role viewer.
         */
        put: operations["vote"];
        post?: never;
        /**
         * Take a vote back
         * @description Needs the role viewer.
         */
        delete: operations["retract-vote"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/watched/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * I watched a movie, now or when I say; this clears its reminder
         * @description Needs the role viewer.
         */
        post: operations["mark-watched"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/watched/{movieId}/{playId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a play off my list
         * @description Needs the role viewer.
         */
        delete: operations["remove-watched"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/reminders/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Remind me of a movie, with a note and at a time if there are any
         * @description Needs the role viewer.
         */
        put: operations["remind"];
        post?: never;
        /**
         * Take a reminder off my list
         * @description Needs the role viewer.
         */
        delete: operations["remove-reminder"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reminders/{movieId}/due": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that the time of a user's reminder has come, once
         * @description Needs the role service.
         */
        post: operations["due-reminder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask support for help, about a movie or in general
         * @description Needs the role viewer.
         */
        post: operations["open-ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticketId}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write to a ticket
         * @description Needs the role viewer or support.
         */
        post: operations["add-ticket-message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticketId}/service-order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Order technical service for a ticket, once
         * @description Needs the role support.
         */
        post: operations["create-service-order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticketId}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a ticket is solved
         * @description Needs the role support.
         */
        post: operations["resolve-ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticketId}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a ticket again, within 14 days of its end
         * @description Needs the role viewer or support.
         */
        post: operations["reopen-ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticketId}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close a ticket
         * @description Needs the role viewer or support.
         */
        post: operations["close-ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Build views anew from the log, beside the served ones; then serve them if wanted
         * @description Needs the role operator.
         */
        post: operations["request-rebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Serve the newest generation that a rebuild has kept
         * @description Needs the role operator.
         */
        post: operations["request-switch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Serve the generation that was served before
         * @description Needs the role operator.
         */
        post: operations["request-rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/as-of": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep views as they stood at a time
         * @description Needs the role operator.
         */
        post: operations["request-as-of"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/drop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Drop an as-of, or a generation that is not served
         * @description Needs the role operator.
         */
        post: operations["request-drop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fold dead letters again: one, or all that the filter finds
         * @description Needs the role operator.
         */
        post: operations["request-retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give up dead letters: one, or all that the filter finds
         * @description Needs the role operator.
         */
        post: operations["request-discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/reveals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Be allowed to read the text of people in an event, for ten minutes
         * @description Needs the role operator.
         */
        post: operations["request-reveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/{jobId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job that waits or is being done; what is done already stays
         * @description Needs the role operator.
         */
        post: operations["cancel-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/{jobId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what came of a job; for the replay worker
         * @description Needs the role service.
         */
        post: operations["end-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase all text that I have written, for good
         * @description Needs the role viewer.
         */
        delete: operations["erase-me"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell me of events at a URL; only this answer has the secret
         * @description Needs the role viewer.
         */
        post: operations["add-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Tell a webhook of other events, or at another URL
         * @description Needs the role viewer.
         */
        put: operations["change-webhook"];
        post?: never;
        /**
         * Remove a webhook; what it was not told yet is dropped
         * @description Needs the role viewer.
         */
        delete: operations["remove-webhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret; for a day, it gets signatures of both
         * @description Needs the role viewer.
         */
        post: operations["rotate-secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a webhook a delivery of the type webhook.test
         * @description Needs the role viewer.
         */
        post: operations["test-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a webhook a delivery again, whatever came of it before
         * @description Needs the role viewer.
         */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhookId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell a webhook of no more events, until it is enabled
         * @description Needs the role viewer.
         */
        post: operations["disable-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhookId}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell a webhook of events again, from now on
         * @description Needs the role viewer.
         */
        post: operations["enable-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/failing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable a user's webhook, since it took no delivery for days
         * @description Needs the role service.
         */
        post: operations["failing-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove the webhooks that somebody had who was erased
         * @description Needs the role service.
         */
        post: operations["forget-webhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/votes:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Like or dislike many movies, such as those of an offline device
         * @description Needs the role viewer. Each item is done by itself or rejected with a `code`; one that is malformed is refused with the whole body. After any 5xx, send the same body with the same key again: what was done is not done twice, and is counted as it was. What changed nothing, `existing` or rejected, may be decided again then, on what holds by that time; an item with `changedAt` undoes no later change. A batch counts as a request for each 25 items begun, and two of a user run at once.
         */
        post: operations["vote-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/watched:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * I watched many movies, each now or when I say; this clears their reminders
         * @description Needs the role viewer. Each item is done by itself or rejected with a `code`; one that is malformed is refused with the whole body. After any 5xx, send the same body with the same key again: what was done is not done twice, and is counted as it was. What changed nothing, `existing` or rejected, may be decided again then, on what holds by that time; an item with `changedAt` undoes no later change. A batch counts as a request for each 25 items begun, and two of a user run at once.
         */
        post: operations["watch-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/reminders:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remind me of many movies
         * @description Needs the role viewer. Each item is done by itself or rejected with a `code`; one that is malformed is refused with the whole body. After any 5xx, send the same body with the same key again: what was done is not done twice, and is counted as it was. What changed nothing, `existing` or rejected, may be decided again then, on what holds by that time; an item with `changedAt` undoes no later change. A batch counts as a request for each 25 items begun, and two of a user run at once.
         */
        post: operations["remind-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The events of a stream, oldest first, each with the state after it
         * @description Needs the role operator.
         */
        get: operations["ops-stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies:import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add or change many movies: one a line in, what became of it a line out
         * @description Needs the role catalogue.
         */
        post: operations["import-movies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is alive */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether it can take requests */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description `m` and the rank in the dataset, or a caller's own.
         * @example m1
         */
        MovieId: string;
        CommandAnswer: {
            /** @description What was changed: its topic and its id. */
            stream: string;
            /** @description Its version now. */
            version: number;
            /** @description What happened; nothing if it held already. */
            events: string[];
            unchanged: boolean;
            /** @description The Consistency-Token, for reads that have to see it. */
            token: string;
        };
        /** @description Problem Details for HTTP APIs, RFC 9457. */
        Problem: {
            /** @description `/problems/` and the code. */
            type: string;
            /** @description The same for every problem of this code. */
            title: string;
            status: number;
            /** @enum {string} */
            code: "malformed-request" | "malformed-json" | "invalid-input" | "invalid-cursor" | "invalid-token" | "idempotency-key-required" | "unauthorized" | "forbidden" | "route-unknown" | "as-of-unknown" | "movie-unknown" | "ticket-unknown" | "job-unknown" | "webhook-unknown" | "method-not-allowed" | "request-timeout" | "movie-retired" | "movie-differs" | "reminder-not-due" | "ticket-transition" | "job-ended" | "webhook-disabled" | "item-outdated" | "version-mismatch" | "body-too-large" | "event-too-large" | "media-type-unsupported" | "expectation-failed" | "duplicate-item" | "key-reused" | "watched-full" | "reminders-full" | "ticket-full" | "webhooks-full" | "webhook-url" | "rate-limited" | "headers-too-large" | "internal-error" | "webhooks-off" | "overloaded" | "lane-unavailable" | "event-index-behind" | "read-model-behind" | "read-model-building" | "part-away";
            /** @description What is wrong here, and what would cure it. */
            detail: string;
            /** @description One for each wrong field; the path is like `items.0`. */
            errors?: {
                path: string;
                message: string;
            }[];
            requestId?: string;
        };
        StreamStates: {
            items: {
                event: components["schemas"]["OperatorsEvent"];
                /** @description After the event. Text of people is masked. */
                state: unknown;
                /** @description The fields that the event changed. */
                changed: string[];
                /** @description False if the state is large: of large fields, only changes are in it. */
                isWhole: boolean;
            }[];
            /** @description The cursor of the next page, if any. */
            next: string | null;
            /** @description The number of the last event that the stream has now. */
            count: number;
        };
        OperatorsEvent: {
            topic: string;
            lane: number;
            offset: number;
            key: string | null;
            /**
             * Format: date-time
             * @example 2026-11-23T18:30:00.000Z
             */
            time: string;
            /** @description Null if today's code can't decode the record. */
            type: string | null;
            id: string | null;
            /** @description The stream, with its topic. */
            subject: string | null;
            sequence: number | null;
            actor: string | null;
            correlationid: string | null;
            causationid: string | null;
            commandid: string | null;
            /** @description Text that people wrote is masked. */
            data: unknown;
            /** @description The fields of `data` that are masked. */
            masked: string[];
            /** @description Why the record could not be decoded. */
            undecodable: string | null;
            /** @description The record itself, if it could not be decoded. */
            raw: {
                /** @description How many bytes it has. */
                bytes: number;
                /** @description The first 1,024 of them, as `hexdump -C` shows them. Null while they are masked: people may have written them. */
                dump: string | null;
            } | null;
        };
        Readiness: {
            ready: boolean;
        };
        /** @description One line of an import. A listed movie keeps a revenue or metascore that the line leaves out, unless `replace` is true; `null` clears it. */
        ImportedMovie: {
            title: string;
            genres: string[];
            description: string;
            director: string;
            actors: string[];
            year: number;
            runtimeMinutes: number;
            rating: number;
            ratingVotes: number;
            revenueMillions?: number | null;
            metascore?: number | null;
            imdbId?: string | null;
            tmdbId?: number | null;
            movieId: components["schemas"]["MovieId"];
        };
        ImportResult: {
            line: number;
            movieId: string | null;
            /** @enum {string} */
            result: "added" | "changed" | "unchanged" | "rejected";
            code?: string;
            detail?: string;
            errors?: {
                path: string;
                message: string;
            }[];
        };
        ImportEnd: {
            /** @description False if not all lines were read: `code` and `detail` say why. */
            done: boolean;
            added: number;
            changed: number;
            unchanged: number;
            rejected: number;
            code?: string;
            detail?: string;
            token: string;
        };
    };
    responses: {
        /**
         * @description `malformed-request`: The request is not HTTP.
         *
         *     `malformed-json`: The body is not JSON.
         *
         *     `invalid-input`: The request has invalid fields.
         *
         *     `invalid-token`: The consistency token is not one of this log.
         */
        "400.malformed-request.malformed-json.invalid-input.invalid-token": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthorized`: A valid bearer token is needed. */
        "401.unauthorized": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: The token lacks the role for this. */
        "403.forbidden": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `request-timeout`: The request did not arrive in time. */
        "408.request-timeout": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `movie-retired`: The movie is retired. */
        "409.movie-retired": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `version-mismatch`: The version is not the expected one. */
        "412.version-mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `body-too-large`: The body is too large.
         *
         *     `event-too-large`: The event would be too large.
         */
        "413.body-too-large.event-too-large": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `media-type-unsupported`: The body is of a type that is not taken here. */
        "415.media-type-unsupported": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `expectation-failed`: The Expect header asks for more than HTTP has. */
        "417.expectation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `key-reused`: The Idempotency-Key was used with another body. */
        "422.key-reused": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate-limited`: Too many requests. */
        "429.rate-limited": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `headers-too-large`: The headers are too large. */
        "431.headers-too-large": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal-error`: Something went wrong on our side. */
        "500.internal-error": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `overloaded`: Too many requests wait.
         *
         *     `lane-unavailable`: The part that decides this is moving or away.
         *
         *     `part-away`: A part this needs is away.
         */
        "503.overloaded.lane-unavailable.part-away": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed-request`: The request is not HTTP.
         *
         *     `invalid-input`: The request has invalid fields.
         *
         *     `invalid-token`: The consistency token is not one of this log.
         */
        "400.malformed-request.invalid-input.invalid-token": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `movie-unknown`: There is no such movie. */
        "404.movie-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `event-too-large`: The event would be too large. */
        "413.event-too-large": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed-request`: The request is not HTTP.
         *
         *     `malformed-json`: The body is not JSON.
         *
         *     `invalid-input`: The request has invalid fields.
         *
         *     `invalid-token`: The consistency token is not one of this log.
         *
         *     `idempotency-key-required`: POST needs an Idempotency-Key header.
         */
        "400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `key-reused`: The Idempotency-Key was used with another body.
         *
         *     `watched-full`: The list takes no more plays.
         */
        "422.key-reused.watched-full": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `key-reused`: The Idempotency-Key was used with another body.
         *
         *     `reminders-full`: The list takes no more reminders.
         */
        "422.key-reused.reminders-full": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `reminder-not-due`: The time of the reminder has not come. */
        "409.reminder-not-due": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `ticket-unknown`: There is no such ticket. */
        "404.ticket-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `ticket-transition`: The ticket is not in a state for this. */
        "409.ticket-transition": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `key-reused`: The Idempotency-Key was used with another body.
         *
         *     `ticket-full`: The ticket takes no more.
         */
        "422.key-reused.ticket-full": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `job-unknown`: There is no such job. */
        "404.job-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `job-ended`: The job has ended already. */
        "409.job-ended": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `key-reused`: The Idempotency-Key was used with another body.
         *
         *     `webhooks-full`: The list takes no more webhooks.
         *
         *     `webhook-url`: Webhooks may not lead to this URL.
         */
        "422.key-reused.webhooks-full.webhook-url": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `webhooks-off`: There are no webhooks here. */
        "501.webhooks-off": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `webhook-unknown`: There is no such webhook. */
        "404.webhook-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `key-reused`: The Idempotency-Key was used with another body.
         *
         *     `webhook-url`: Webhooks may not lead to this URL.
         */
        "422.key-reused.webhook-url": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `webhook-disabled`: The webhook is disabled. */
        "409.webhook-disabled": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `body-too-large`: The body is too large. */
        "413.body-too-large": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed-request`: The request is not HTTP.
         *
         *     `invalid-input`: The request has invalid fields.
         *
         *     `invalid-cursor`: The cursor is not one of ours.
         */
        "400.malformed-request.invalid-input.invalid-cursor": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `overloaded`: Too many requests wait.
         *
         *     `event-index-behind`: Too many events are not indexed yet.
         *
         *     `part-away`: A part this needs is away.
         */
        "503.overloaded.event-index-behind.part-away": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `overloaded`: Too many requests wait. */
        "503.overloaded": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `malformed-request`: The request is not HTTP. */
        "400.malformed-request": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
        IdempotencyKey: string;
        /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
        IfMatch: string;
        /** @description Only * is taken: what is there already is left as it is, and answers 412. */
        IfAbsent: "*";
        /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
        ConsistencyToken: string;
        /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
        RequestId: string;
    };
    requestBodies: never;
    headers: {
        /** @description The version of what was changed, in quotes, for If-Match. */
        Version: string;
        /** @description Set if this is the answer to an earlier request with the same Idempotency-Key. */
        IdempotentReplayed: "true";
        /** @description What this answer has seen of the log. */
        ConsistencyTokenOfAnswer: string;
        /** @description Names the request in logs and events. */
        RequestIdOfAnswer: string;
        /** @description Where the query API has what was made. */
        Location: string;
        /** @description The version of what was made, in quotes, for If-Match. */
        VersionOfNew: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "put-movie": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example casablanca
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: string;
                    genres: string[];
                    description: string;
                    director: string;
                    actors: string[];
                    year: number;
                    runtimeMinutes: number;
                    rating: number;
                    ratingVotes: number;
                    /** @default null */
                    revenueMillions?: number | null;
                    /** @default null */
                    metascore?: number | null;
                    imdbId?: string | null;
                    tmdbId?: number | null;
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.movie-retired"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "retire-movie": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example casablanca
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.event-too-large"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    vote: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example m55
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    vote: "like" | "dislike";
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.movie-retired"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "retract-vote": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example m55
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.event-too-large"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "mark-watched": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example mark-watched-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example m55
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    watchedAt?: string;
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        playId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        playId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused.watched-full"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "remove-watched": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example m55
                 */
                movieId: components["schemas"]["MovieId"];
                /** @example 508a2444-eabd-52cb-8056-f918d2232999 */
                playId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.event-too-large"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    remind: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example m37
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    remindAt?: string | null;
                    /** @default null */
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.movie-retired"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused.reminders-full"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "remove-reminder": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example m37
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.event-too-large"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "due-reminder": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example due-reminder-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example m37
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    userId: string;
                    /** Format: date-time */
                    remindAt: string;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.reminder-not-due"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "open-ticket": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example open-ticket-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    subject: string;
                    message: string;
                    movieId?: components["schemas"]["MovieId"];
                    /**
                     * @default normal
                     * @enum {string}
                     */
                    priority?: "low" | "normal" | "high" | "urgent";
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        ticketId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        ticketId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "add-ticket-message": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example add-ticket-message-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 2b93e69e-8da0-5a0e-a2b3-935c4bd76e63 */
                ticketId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    message: string;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.ticket-unknown"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.ticket-transition"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused.ticket-full"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "create-service-order": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example create-service-order-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 2b93e69e-8da0-5a0e-a2b3-935c4bd76e63 */
                ticketId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        orderNumber?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.ticket-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "resolve-ticket": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example resolve-ticket-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 2b93e69e-8da0-5a0e-a2b3-935c4bd76e63 */
                ticketId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    message?: string;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.ticket-unknown"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.ticket-transition"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused.ticket-full"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "reopen-ticket": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example reopen-ticket-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 2b93e69e-8da0-5a0e-a2b3-935c4bd76e63 */
                ticketId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    message?: string;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.ticket-unknown"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.ticket-transition"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused.ticket-full"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "close-ticket": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example close-ticket-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 2b93e69e-8da0-5a0e-a2b3-935c4bd76e63 */
                ticketId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    message?: string;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.ticket-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused.ticket-full"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "request-rebuild": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example request-rebuild-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description None means all. */
                    views: string[];
                    /** @default false */
                    diff?: boolean;
                    /** @default true */
                    serve?: boolean;
                    /** @description Events a second at most. */
                    throttle?: number;
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "request-switch": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example request-switch-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    view: string;
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "request-rollback": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example request-rollback-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    view: string;
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "request-as-of": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example request-as-of-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** Format: date-time */
                    time: string;
                    views: string[];
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "request-drop": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example request-drop-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "request-retry": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example request-retry-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: {
                        view?: string;
                        topic?: string;
                        key?: string;
                        error?: string;
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "request-discard": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example request-discard-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: {
                        view?: string;
                        topic?: string;
                        key?: string;
                        error?: string;
                        id?: string;
                    };
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "request-reveal": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example request-reveal-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Topic, lane and offset of an event, such as `support/3/17`. */
                    event: string;
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        jobId?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "cancel-job": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example cancel-job-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example c51d8787-203d-5307-88f5-d1525a9bce91 */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.job-unknown"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.job-ended"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "end-job": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example end-job-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example c51d8787-203d-5307-88f5-d1525a9bce91 */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    succeeded: boolean;
                    outcome: string;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.job-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "erase-me": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.event-too-large"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "add-webhook": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example add-webhook-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uri
                     * @example https://hooks.example.com/films
                     */
                    url: string;
                    /**
                     * @description The types of events that it is told of; none means all.
                     * @default []
                     */
                    events?: ("vote.cast" | "vote.retracted" | "reminder.due" | "movie.watched" | "ticket.opened" | "ticket.message" | "ticket.service-order" | "ticket.resolved" | "ticket.reopened" | "ticket.closed" | "webhook.test")[];
                };
            };
        };
        responses: {
            /** @description Done, and nothing new was made; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        webhookId?: string;
                        secret?: string;
                    };
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["VersionOfNew"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        /** Format: uuid */
                        webhookId?: string;
                        secret?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused.webhooks-full.webhook-url"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            501: components["responses"]["501.webhooks-off"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "change-webhook": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 7fe1f6ac-316c-5854-a7d2-d5bcfe191302 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uri
                     * @example https://hooks.example.com/films
                     */
                    url: string;
                    /**
                     * @description The types of events that it is told of; none means all.
                     * @default []
                     */
                    events?: ("vote.cast" | "vote.retracted" | "reminder.due" | "movie.watched" | "ticket.opened" | "ticket.message" | "ticket.service-order" | "ticket.resolved" | "ticket.reopened" | "ticket.closed" | "webhook.test")[];
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.webhook-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused.webhook-url"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "remove-webhook": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this one request: sent again with the same key, it does nothing twice. Not needed here: repeating changes nothing anyway. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 7fe1f6ac-316c-5854-a7d2-d5bcfe191302 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.event-too-large"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "rotate-secret": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example rotate-secret-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 7fe1f6ac-316c-5854-a7d2-d5bcfe191302 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was changed: its topic and its id. */
                        stream: string;
                        /** @description Its version now. */
                        version: number;
                        /** @description What happened; nothing if it held already. */
                        events: string[];
                        unchanged: boolean;
                        /** @description The Consistency-Token, for reads that have to see it. */
                        token: string;
                        secret?: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.webhook-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            501: components["responses"]["501.webhooks-off"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "test-webhook": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example test-webhook-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 7fe1f6ac-316c-5854-a7d2-d5bcfe191302 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.webhook-unknown"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.webhook-disabled"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    redeliver: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example redeliver-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 7fe1f6ac-316c-5854-a7d2-d5bcfe191302 */
                webhookId: string;
                /** @example 0d3c1f52-8a4e-5d1b-9c7a-3f2e1d0c9b8a */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.webhook-unknown"];
            408: components["responses"]["408.request-timeout"];
            409: components["responses"]["409.webhook-disabled"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "disable-webhook": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example disable-webhook-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 7fe1f6ac-316c-5854-a7d2-d5bcfe191302 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.webhook-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "enable-webhook": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example enable-webhook-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 7fe1f6ac-316c-5854-a7d2-d5bcfe191302 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.webhook-unknown"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "failing-webhook": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example failing-webhook-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 7fe1f6ac-316c-5854-a7d2-d5bcfe191302 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    userId: string;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "forget-webhooks": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example forget-webhooks-1
                 */
                "Idempotency-Key"?: string;
                /** @description The version that this is meant for, in quotes as in the ETag of a command, or several; or * for any. Another version, and with * none, answers 412. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only * is taken: what is there already is left as it is, and answers 412. */
                "If-None-Match"?: components["parameters"]["IfAbsent"];
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    userId: string;
                    erasedAt: number;
                };
            };
        };
        responses: {
            /** @description Done; or it was so already: then `unchanged`. */
            200: {
                headers: {
                    ETag: components["headers"]["Version"];
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            412: components["responses"]["412.version-mismatch"];
            413: components["responses"]["413.body-too-large.event-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "vote-batch": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example vote-batch-1
                 */
                "Idempotency-Key"?: string;
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        movieId: components["schemas"]["MovieId"];
                        /** @enum {string} */
                        vote: "like" | "dislike";
                        /**
                         * Format: date-time
                         * @description When this was changed: it is done only if that is later than the last change of what is there. Without it, now.
                         */
                        changedAt?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description What became of the items. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Items that this request did, now or when it was new. */
                        added: number;
                        /** @description Items of which all was there already. */
                        existing: number;
                        /** @description The other items by their index from 0, and why. */
                        rejected: {
                            index: number;
                            /** @enum {string} */
                            code: "movie-unknown" | "movie-retired" | "item-outdated" | "duplicate-item" | "event-too-large";
                        }[];
                        /** @description The Consistency-Token, for reads that see all items. */
                        token: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            413: components["responses"]["413.body-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "watch-batch": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example watch-batch-1
                 */
                "Idempotency-Key"?: string;
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        movieId: components["schemas"]["MovieId"];
                        /** Format: date-time */
                        watchedAt?: string;
                        /**
                         * Format: date-time
                         * @description When this was changed: it is done only if that is later than the last change of what is there. Without it, now.
                         */
                        changedAt?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description What became of the items. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Items that this request did, now or when it was new. */
                        added: number;
                        /** @description Items of which all was there already. */
                        existing: number;
                        /** @description The other items by their index from 0, and why. */
                        rejected: {
                            index: number;
                            /** @enum {string} */
                            code: "movie-unknown" | "watched-full" | "item-outdated" | "duplicate-item" | "event-too-large";
                        }[];
                        /** @description The Consistency-Token, for reads that see all items. */
                        token: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            413: components["responses"]["413.body-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "remind-batch": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example remind-batch-1
                 */
                "Idempotency-Key"?: string;
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        movieId: components["schemas"]["MovieId"];
                        remindAt?: string | null;
                        /** @default null */
                        note?: string | null;
                        /**
                         * Format: date-time
                         * @description When this was changed: it is done only if that is later than the last change of what is there. Without it, now.
                         */
                        changedAt?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description What became of the items. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Items that this request did, now or when it was new. */
                        added: number;
                        /** @description Items of which all was there already. */
                        existing: number;
                        /** @description The other items by their index from 0, and why. */
                        rejected: {
                            index: number;
                            /** @enum {string} */
                            code: "movie-unknown" | "movie-retired" | "reminders-full" | "item-outdated" | "duplicate-item" | "event-too-large";
                        }[];
                        /** @description The Consistency-Token, for reads that see all items. */
                        token: string;
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            413: components["responses"]["413.body-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            422: components["responses"]["422.key-reused"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.lane-unavailable.part-away"];
        };
    };
    "ops-stream": {
        parameters: {
            query: {
                /**
                 * @description A stream: its topic, a slash, its id.
                 * @example ranking/m55/alice
                 */
                id: string;
                from?: number;
                /** @description How many items a page has. */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
            };
            header?: {
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamStates"];
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.event-index-behind.part-away"];
        };
    };
    "import-movies": {
        parameters: {
            query?: {
                /** @description Whether an id that holds another movie takes the new one, with all it has. */
                replace?: "true" | "false";
                /** @description Whether descriptions are for new movies only; listed ones keep theirs. Not with `replace`. */
                keepDescriptions?: "true" | "false";
            };
            header?: {
                /**
                 * @description Names this one request: sent again with the same key, it does nothing twice.
                 * @example import-movies-1
                 */
                "Idempotency-Key"?: string;
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description One line for each, in order; it begins before the request has ended. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input.invalid-token.idempotency-key-required"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            413: components["responses"]["413.body-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded"];
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        alive: true;
                    };
                };
            };
            400: components["responses"]["400.malformed-request"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["400.malformed-request"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            /** @description Not yet, or no longer. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
}
