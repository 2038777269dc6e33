// Written by `npm run generate` from docs/openapi/query-api.json.

export interface paths {
    "/v1/genres": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every genre and how many movies it has
         * @description For anybody.
         */
        get: operations["genres"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Movies, filtered and sorted, in pages
         * @description For anybody.
         */
        get: operations["movies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/movies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As /v1/movies
         * @deprecated
         * @description For anybody.
         */
        get: operations["movies-alias-1"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/movies/gender/{genre}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As /v1/movies
         * @deprecated
         * @description For anybody.
         */
        get: operations["movies-alias-2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Movies by title, people or description, best first
         * @description For anybody.
         */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All there is to know of one movie, retired ones included
         * @description For anybody.
         */
        get: operations["movie"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/movies/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As /v1/movies/{movieId}
         * @deprecated
         * @description For anybody.
         */
        get: operations["movie-alias-1"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rankings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The movies of a genre, or all, best first
         * @description For anybody.
         */
        get: operations["rankings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ranking/gender/{genre}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As /v1/rankings
         * @deprecated
         * @description For anybody.
         */
        get: operations["rankings-alias-1"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/votes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My votes, sorted and filtered, in pages
         * @description Needs a token.
         */
        get: operations["my-votes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/reminders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My reminders, sorted and filtered, in pages
         * @description Needs a token.
         */
        get: operations["my-reminders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/watched": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What I watched, each time by itself, sorted and filtered, in pages
         * @description Needs a token.
         */
        get: operations["my-watched"];
        put?: never;
        post?: never;
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
        /**
         * One time that I watched a movie
         * @description Needs a token.
         */
        get: operations["my-play"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened that concerns me, newest first, in pages: due reminders, ticket news
         * @description Needs a token.
         */
        get: operations["my-notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What I watched and voted, in figures
         * @description Needs a token.
         */
        get: operations["my-stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Movies that I have neither watched nor voted on, by what I like, and why
         * @description Needs a token.
         */
        get: operations["my-recommendations"];
        put?: never;
        post?: never;
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
        /**
         * All tickets, newest first, in pages
         * @description Needs the role support.
         */
        get: operations["tickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticketId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A ticket with the newest of what was written to it
         * @description Needs the role viewer or support.
         */
        get: operations["ticket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticketId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that happened to a ticket, in pages
         * @description Needs the role viewer or support.
         */
        get: operations["ticket-timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tickets that I have opened, sorted, in pages
         * @description Needs a token.
         */
        get: operations["my-tickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Service orders, newest first, in pages
         * @description Needs the role support.
         */
        get: operations["service-orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What operators wanted done, the newest first, in pages
         * @description Needs the role operator.
         */
        get: operations["ops-jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As /v1/ops/jobs
         * @deprecated
         * @description Needs the role operator.
         */
        get: operations["ops-jobs-alias-1"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A job of an operator: how far it is, and what came of it
         * @description Needs the role operator.
         */
        get: operations["ops-job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/revealed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An event with the text of people, for who has revealed it within ten minutes
         * @description Needs the role operator.
         */
        get: operations["ops-revealed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/projections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every view: its generations, how far it is behind, and its lanes; trouble first
         * @description Needs the role operator.
         */
        get: operations["ops-projections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/lanes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who writes each lane and how fast, and every node that owns lanes of any kind
         * @description Needs the role operator.
         */
        get: operations["ops-lanes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/reactors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every reactor: how far it is behind, what it has parked, and its last error
         * @description Needs the role operator.
         */
        get: operations["ops-reactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/readers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every process that answers queries, also one that died; trouble first
         * @description Needs the role operator.
         */
        get: operations["ops-readers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events that a view or reactor could not work, in pages
         * @description Needs the role operator.
         */
        get: operations["ops-dead-letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/schemas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every event type and the versions of its schema in the registry
         * @description Needs the role operator.
         */
        get: operations["ops-schemas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/schemas/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The versions of an event type’s schema, and what each has changed
         * @description Needs the role operator.
         */
        get: operations["ops-schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All events of one movie, ticket, user, stream, correlation, or of the whole log
         * @description Needs the role operator.
         */
        get: operations["ops-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/moments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Moments between which there are about as many events each
         * @description Needs the role operator.
         */
        get: operations["ops-moments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that changed in my lists since a cursor, removals included
         * @description Needs a token.
         */
        get: operations["my-changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/catalogue/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that changed in the catalogue since a cursor, retired movies included
         * @description For anybody.
         */
        get: operations["catalogue-changes"];
        put?: never;
        post?: never;
        delete?: never;
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
        /**
         * Where I am told of events, in pages
         * @description Needs a token.
         */
        get: operations["my-webhooks"];
        put?: never;
        post?: never;
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
        /**
         * One of my webhooks
         * @description Needs a token.
         */
        get: operations["my-webhook"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a webhook of mine was told in the last 30 days, newest first, in pages
         * @description Needs a token.
         */
        get: operations["my-webhook-deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All movies of the catalogue in lines, and the cursor for what changes after that
         * @description For anybody.
         */
        get: operations["catalogue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that is held about me, in lines, as it was at one moment
         * @description Needs a token.
         */
        get: operations["my-export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A stream of what changes in the views that one names
         * @description For anybody. Of votes, reminders, watched, notifications, tickets: one's own, with a token. All of `tickets`: Needs the role support.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/tail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log’s events, as they come
         * @description Needs the role operator.
         */
        get: operations["ops-tail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/schemas/{type}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether the registry would take a schema; nothing is registered
         * @description Needs the role operator.
         */
        post: operations["ops-schema-check"];
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
        CatalogueMovie: {
            movieId: components["schemas"]["MovieId"];
            /** @description What If-Match takes. */
            version: number;
            title: string;
            year: number;
            genres: string[];
            description: string;
            director: string;
            actors: string[];
            runtimeMinutes: number;
            rating: number;
            ratingVotes: number;
            revenueMillions: number | null;
            metascore: number | null;
            imdbId: string | null;
            tmdbId: number | null;
        };
        /** @description Problem Details for HTTP APIs, RFC 9457. */
        Problem: {
            /** @description `/problems/` and the code. */
            type: string;
            /** @description The same for every problem of this code. */
            title: string;
            status: number;
            /** @enum {string} */
            code: "malformed-request" | "malformed-json" | "invalid-input" | "invalid-cursor" | "invalid-token" | "idempotency-key-required" | "unauthorized" | "forbidden" | "not-revealed" | "route-unknown" | "as-of-unknown" | "movie-unknown" | "play-unknown" | "ticket-unknown" | "job-unknown" | "event-unknown" | "schema-unknown" | "webhook-unknown" | "method-not-allowed" | "request-timeout" | "version-mismatch" | "body-too-large" | "event-too-large" | "media-type-unsupported" | "expectation-failed" | "duplicate-item" | "key-reused" | "rate-limited" | "headers-too-large" | "internal-error" | "overloaded" | "lane-unavailable" | "event-index-behind" | "read-model-behind" | "read-model-building" | "part-away";
            /** @description What is wrong here, and what would cure it. */
            detail: string;
            /** @description One for each wrong field; the path is like `items.0`. */
            errors?: {
                path: string;
                message: string;
            }[];
            requestId?: string;
        };
        ListedMovie: {
            movieId: components["schemas"]["MovieId"];
            /** @description What If-Match takes. */
            version: number;
            title: string;
            year: number;
            genres: string[];
            runtimeMinutes: number;
            rating: number;
            ratingVotes: number;
            likes: number;
            dislikes: number;
            score: number | null;
            me?: {
                vote: ("like" | "dislike") | null;
                /** @description Of the vote, for If-Match. */
                version: number | null;
                reminder: {
                    note: string | null;
                    remindAt: string | null;
                    /** Format: date-time */
                    setAt: string;
                } | null;
                /** @description How many times. */
                plays: number;
            };
            imdbId: string | null;
            tmdbId: number | null;
            retired: boolean;
        };
        FoundMovie: {
            movieId: components["schemas"]["MovieId"];
            /** @description What If-Match takes. */
            version: number;
            title: string;
            year: number;
            genres: string[];
            runtimeMinutes: number;
            rating: number;
            ratingVotes: number;
            likes: number;
            dislikes: number;
            score: number | null;
            me?: {
                vote: ("like" | "dislike") | null;
                /** @description Of the vote, for If-Match. */
                version: number | null;
                reminder: {
                    note: string | null;
                    remindAt: string | null;
                    /** Format: date-time */
                    setAt: string;
                } | null;
                /** @description How many times. */
                plays: number;
            };
            /**
             * @description Where the words were found.
             * @enum {string}
             */
            matched: "title" | "people" | "description";
        };
        Movie: {
            movieId: components["schemas"]["MovieId"];
            /** @description What If-Match takes. */
            version: number;
            title: string;
            year: number;
            genres: string[];
            runtimeMinutes: number;
            rating: number;
            ratingVotes: number;
            likes: number;
            dislikes: number;
            score: number | null;
            me?: {
                vote: ("like" | "dislike") | null;
                /** @description Of the vote, for If-Match. */
                version: number | null;
                reminder: {
                    note: string | null;
                    remindAt: string | null;
                    /** Format: date-time */
                    setAt: string;
                } | null;
                /** @description How many times. */
                plays: number;
            };
            imdbId: string | null;
            tmdbId: number | null;
            retired: boolean;
            description: string;
            director: string;
            actors: string[];
            revenueMillions: number | null;
            metascore: number | null;
            weightedRating: number | null;
            trending: number | null;
            ranks: {
                genre: string | null;
                /** @enum {string} */
                by: "score" | "likes" | "trending";
                rank: number;
            }[];
        };
        RankedMovie: {
            movieId: components["schemas"]["MovieId"];
            /** @description What If-Match takes. */
            version: number;
            title: string;
            year: number;
            genres: string[];
            runtimeMinutes: number;
            rating: number;
            ratingVotes: number;
            likes: number;
            dislikes: number;
            score: number | null;
            me?: {
                vote: ("like" | "dislike") | null;
                /** @description Of the vote, for If-Match. */
                version: number | null;
                reminder: {
                    note: string | null;
                    remindAt: string | null;
                    /** Format: date-time */
                    setAt: string;
                } | null;
                /** @description How many times. */
                plays: number;
            };
            rank: number;
            weightedRating: number;
            trending: number | null;
        };
        Vote: {
            movieId: components["schemas"]["MovieId"];
            title: string | null;
            year: number | null;
            genres: string[];
            /** @description Whether the movie has left the catalogue. */
            retired: boolean;
            /** @enum {string} */
            vote: "like" | "dislike";
            /** Format: date-time */
            castAt: string;
            /** @description What If-Match takes. */
            version: number;
        };
        Reminder: {
            movieId: components["schemas"]["MovieId"];
            title: string | null;
            year: number | null;
            genres: string[];
            /** @description Whether the movie has left the catalogue. */
            retired: boolean;
            note: string | null;
            remindAt: string | null;
            /** Format: date-time */
            setAt: string;
            /** @description Since when its time has come. */
            dueAt: string | null;
        };
        Play: {
            movieId: components["schemas"]["MovieId"];
            title: string | null;
            year: number | null;
            genres: string[];
            /** @description Whether the movie has left the catalogue. */
            retired: boolean;
            playId: string;
            /** Format: date-time */
            watchedAt: string;
        };
        Notification: components["schemas"]["ReminderDueNotification"] | components["schemas"]["TicketNotification"] | components["schemas"]["WebhookNotification"];
        ReminderDueNotification: {
            movieId: components["schemas"]["MovieId"];
            title: string | null;
            year: number | null;
            genres: string[];
            /** @description Whether the movie has left the catalogue. */
            retired: boolean;
            notificationId: string;
            /** Format: date-time */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "reminder-due";
            /** Format: date-time */
            remindAt: string;
        };
        TicketNotification: {
            notificationId: string;
            /** Format: date-time */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ticket";
            ticketId: string;
            /**
             * @description The newest thing that somebody else did to the ticket; it is told once.
             * @enum {string}
             */
            news: "service-order" | "message" | "resolved" | "reopened" | "closed";
        };
        /** @description It took no delivery for days. */
        WebhookNotification: {
            notificationId: string;
            /** Format: date-time */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "webhook-disabled";
            webhookId: string;
        };
        /** @description By year and month of watching in UTC, the newest 100 and 120 with a play; by genre, the most watched first. A movie of two genres counts in both. */
        Stats: {
            /** @description A movie watched twice counts twice. */
            plays: number;
            /** @description How many different movies. */
            movies: number;
            /** @description By the runtimes that the catalogue has now. */
            minutes: number;
            firstWatchedAt: string | null;
            lastWatchedAt: string | null;
            byYear: {
                year: number;
                plays: number;
                minutes: number;
            }[];
            byMonth: {
                month: string;
                plays: number;
                minutes: number;
            }[];
            byGenre: {
                genre: string;
                plays: number;
                minutes: number;
            }[];
            votes: {
                likes: number;
                dislikes: number;
            };
            reminders: number;
        };
        Recommendation: {
            movieId: components["schemas"]["MovieId"];
            /** @description What If-Match takes. */
            version: number;
            title: string;
            year: number;
            genres: string[];
            runtimeMinutes: number;
            rating: number;
            ratingVotes: number;
            likes: number;
            dislikes: number;
            score: number | null;
            me?: {
                vote: ("like" | "dislike") | null;
                /** @description Of the vote, for If-Match. */
                version: number | null;
                reminder: {
                    note: string | null;
                    remindAt: string | null;
                    /** Format: date-time */
                    setAt: string;
                } | null;
                /** @description How many times. */
                plays: number;
            };
            /** @description Movies that I like, and what they have in common with this one; at most three. */
            because: {
                movieId: components["schemas"]["MovieId"];
                title: string;
                sharedGenres: string[];
                sharedPeople: string[];
            }[];
        };
        Ticket: {
            /** Format: uuid */
            ticketId: string;
            /** @description What If-Match takes. */
            version: number;
            subject: string;
            /** @enum {string} */
            priority: "low" | "normal" | "high" | "urgent";
            /** @enum {string} */
            status: "open" | "resolved" | "closed";
            movieId?: components["schemas"]["MovieId"];
            openedBy: string;
            /** Format: date-time */
            openedAt: string;
            /** @description The newest entries, the oldest of them first: up to 50 (in lists 10) with up to 16 KB of text, but always the newest one. `/timeline` has all. */
            timeline: {
                /** @description From 1, without gaps. */
                number: number;
                /** Format: date-time */
                at: string;
                by: string;
                /** @enum {string} */
                type: "opened" | "message" | "service-order" | "resolved" | "reopened" | "closed";
                message?: string;
            }[];
            /** @description How many entries there are. */
            timelineLength: number;
            serviceOrder: {
                orderNumber: string;
                /** Format: date-time */
                createdAt: string;
            } | null;
        };
        ServiceOrder: {
            orderNumber: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: uuid */
            ticketId: string;
            subject: string;
            /** @enum {string} */
            priority: "low" | "normal" | "high" | "urgent";
            /** @enum {string} */
            status: "open" | "resolved" | "closed";
            movieId?: components["schemas"]["MovieId"];
            openedBy: string;
            /** Format: date-time */
            openedAt: string;
        };
        /** @description What an operator wanted done, and what came of it. */
        Job: {
            /** Format: uuid */
            jobId: string;
            act: string;
            input: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            status: "waiting" | "running" | "cancelling" | "done" | "failed" | "cancelled";
            requestedBy: string;
            /** Format: date-time */
            requestedAt: string;
            /** @description Who wanted it cancelled, also if that came too late. */
            cancel: {
                by: string;
                reason: string | null;
                /** Format: date-time */
                at: string;
            } | null;
            finishedAt: string | null;
            outcome: string | null;
            worker: string | null;
            progress: {
                step: string;
                passed: number;
                of: number;
                events: number;
                eventsPerSecond: number;
                secondsLeft: number | null;
            } | null;
            results: {
                what: string;
                ok: boolean;
                detail: string;
            }[];
            differences: {
                [key: string]: unknown;
            } | null;
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
        MyChange: {
            /** @constant */
            list: "votes";
            /** @description Of the movie, play, ticket or notification. */
            id: string;
            /** @description As it is now; null if it is no more. */
            item: {
                movieId: components["schemas"]["MovieId"];
                /** @enum {string} */
                vote: "like" | "dislike";
                /** Format: date-time */
                castAt: string;
                version: number;
            } | null;
        } | {
            /** @constant */
            list: "reminders";
            /** @description Of the movie, play, ticket or notification. */
            id: string;
            /** @description As it is now; null if it is no more. */
            item: {
                movieId: components["schemas"]["MovieId"];
                note: string | null;
                remindAt: string | null;
                /** Format: date-time */
                setAt: string;
                dueAt: string | null;
            } | null;
        } | {
            /** @constant */
            list: "watched";
            /** @description Of the movie, play, ticket or notification. */
            id: string;
            /** @description As it is now; null if it is no more. */
            item: {
                playId: string;
                movieId: components["schemas"]["MovieId"];
                /** Format: date-time */
                watchedAt: string;
            } | null;
        } | {
            /** @constant */
            list: "tickets";
            /** @description Of the movie, play, ticket or notification. */
            id: string;
            /** @description As it is now; null if it is no more. */
            item: {
                ticketId: string;
                version: number;
                subject: string;
                /** @enum {string} */
                priority: "low" | "normal" | "high" | "urgent";
                /** @enum {string} */
                status: "open" | "resolved" | "closed";
                movieId: components["schemas"]["MovieId"] | null;
                /** Format: date-time */
                openedAt: string;
            } | null;
        } | {
            /** @constant */
            list: "notifications";
            /** @description Of the movie, play, ticket or notification. */
            id: string;
            /** @description As it is now; null if it is no more. */
            item: ({
                notificationId: string;
                /** Format: date-time */
                at: string;
                /** @constant */
                type: "reminder-due";
                movieId: components["schemas"]["MovieId"];
                /** Format: date-time */
                remindAt: string;
            } | {
                notificationId: string;
                /** Format: date-time */
                at: string;
                /** @constant */
                type: "webhook-disabled";
                webhookId: string;
            } | {
                notificationId: string;
                /** Format: date-time */
                at: string;
                /** @constant */
                type: "ticket";
                ticketId: string;
                /** @enum {string} */
                news: "service-order" | "message" | "resolved" | "reopened" | "closed";
            }) | null;
        };
        MovieChange: {
            movieId: components["schemas"]["MovieId"];
            /** @description As it is now; null if it is retired. */
            movie: components["schemas"]["CatalogueMovieOutput"] | null;
        };
        Webhook: {
            /** Format: uuid */
            webhookId: string;
            url: string;
            /** @description None means all. */
            events: string[];
            enabled: boolean;
            disabledBecause: ("owner" | "failing") | null;
            /** Format: date-time */
            addedAt: string;
        };
        WebhookDelivery: {
            /** @description The receiver gets it as `webhook-id`. */
            deliveryId: string;
            type: string;
            body: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            status: "waiting" | "delivered" | "failed" | "dropped";
            /** Format: date-time */
            notedAt: string;
            attempts: number;
            nextAt: string | null;
            tries: {
                /** Format: date-time */
                at: string;
                status: number | null;
                error: string | null;
            }[];
        };
        Readiness: {
            ready: boolean;
        };
        CatalogueMovieOutput: {
            movieId: components["schemas"]["MovieId"];
            /** @description What If-Match takes. */
            version: number;
            title: string;
            year: number;
            genres: string[];
            description: string;
            director: string;
            actors: string[];
            runtimeMinutes: number;
            rating: number;
            ratingVotes: number;
            revenueMillions: number | null;
            metascore: number | null;
            imdbId: string | null;
            tmdbId: number | null;
        };
        CatalogueLine: {
            /** @constant */
            list: "movies";
            item: components["schemas"]["CatalogueMovieOutput"];
        } | {
            /** @constant */
            list: "end";
            /** @description How many movies there are above. */
            count: number;
            /** @description The cursor with which `/v1/catalogue/changes` goes on from here. */
            next: string;
        };
        ExportLine: {
            /** @constant */
            list: "about";
            item: {
                userId: string;
                /** Format: date-time */
                at: string;
                /** @description A consistency token: all that it has seen of what is mine is below. */
                token: string;
            };
        } | {
            /** @constant */
            list: "votes";
            item: {
                movieId: components["schemas"]["MovieId"];
                /** @enum {string} */
                vote: "like" | "dislike";
                /** Format: date-time */
                castAt: string;
                version: number;
                title: string | null;
            };
        } | {
            /** @constant */
            list: "reminders";
            item: {
                movieId: components["schemas"]["MovieId"];
                note: string | null;
                remindAt: string | null;
                /** Format: date-time */
                setAt: string;
                dueAt: string | null;
                title: string | null;
            };
        } | {
            /** @constant */
            list: "watched";
            item: {
                playId: string;
                movieId: components["schemas"]["MovieId"];
                /** Format: date-time */
                watchedAt: string;
                title: string | null;
            };
        } | {
            /** @constant */
            list: "tickets";
            item: {
                ticketId: string;
                version: number;
                subject: string;
                /** @enum {string} */
                priority: "low" | "normal" | "high" | "urgent";
                /** @enum {string} */
                status: "open" | "resolved" | "closed";
                movieId: components["schemas"]["MovieId"] | null;
                /** Format: date-time */
                openedAt: string;
            };
        } | {
            /** @constant */
            list: "ticket-entries";
            item: {
                /** @description From 1, without gaps. */
                number: number;
                /** Format: date-time */
                at: string;
                by: string;
                /** @enum {string} */
                type: "opened" | "message" | "service-order" | "resolved" | "reopened" | "closed";
                message?: string;
                ticketId: string;
            };
        } | {
            /** @constant */
            list: "notifications";
            item: {
                notificationId: string;
                /** Format: date-time */
                at: string;
                /** @constant */
                type: "reminder-due";
                movieId: components["schemas"]["MovieId"];
                /** Format: date-time */
                remindAt: string;
            } | {
                notificationId: string;
                /** Format: date-time */
                at: string;
                /** @constant */
                type: "webhook-disabled";
                webhookId: string;
            } | {
                notificationId: string;
                /** Format: date-time */
                at: string;
                /** @constant */
                type: "ticket";
                ticketId: string;
                /** @enum {string} */
                news: "service-order" | "message" | "resolved" | "reopened" | "closed";
            };
        } | {
            /** @constant */
            list: "webhooks";
            item: {
                webhookId: string;
                url: string;
                events: string[];
                enabled: boolean;
            };
        } | {
            /** @constant */
            list: "jobs";
            item: {
                jobId: string;
                act: string;
                input: string;
                /** Format: date-time */
                requestedAt: string;
                /** @description Set if I wanted it cancelled, whoever asked for it. */
                cancelled: {
                    reason: string | null;
                    /** Format: date-time */
                    at: string;
                } | null;
            };
        } | {
            /** @constant */
            list: "end";
            count: number;
        };
    };
    responses: {
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
        /** @description `as-of-unknown`: The views were not kept as of this. */
        "404.as-of-unknown": {
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
         *     `read-model-behind`: The read model has not caught up yet.
         *
         *     `read-model-building`: The read model is being built.
         *
         *     `part-away`: A part this needs is away.
         */
        "503.overloaded.read-model-behind.read-model-building.part-away": {
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
         *
         *     `invalid-token`: The consistency token is not one of this log.
         */
        "400.malformed-request.invalid-input.invalid-cursor.invalid-token": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `as-of-unknown`: The views were not kept as of this.
         *
         *     `movie-unknown`: There is no such movie.
         */
        "404.as-of-unknown.movie-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `as-of-unknown`: The views were not kept as of this.
         *
         *     `play-unknown`: There is no such play.
         */
        "404.as-of-unknown.play-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `as-of-unknown`: The views were not kept as of this.
         *
         *     `ticket-unknown`: There is no such ticket.
         */
        "404.as-of-unknown.ticket-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `as-of-unknown`: The views were not kept as of this.
         *
         *     `job-unknown`: There is no such job.
         */
        "404.as-of-unknown.job-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `forbidden`: The token lacks the role for this.
         *
         *     `not-revealed`: You have not revealed it lately.
         */
        "403.forbidden.not-revealed": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `as-of-unknown`: The views were not kept as of this.
         *
         *     `event-unknown`: The log has no such event.
         */
        "404.as-of-unknown.event-unknown": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `as-of-unknown`: The views were not kept as of this.
         *
         *     `schema-unknown`: There is no such event type.
         */
        "404.as-of-unknown.schema-unknown": {
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
         *     `read-model-behind`: The read model has not caught up yet.
         *
         *     `read-model-building`: The read model is being built.
         *
         *     `part-away`: A part this needs is away.
         */
        "503.overloaded.event-index-behind.read-model-behind.read-model-building.part-away": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `as-of-unknown`: The views were not kept as of this.
         *
         *     `webhook-unknown`: There is no such webhook.
         */
        "404.as-of-unknown.webhook-unknown": {
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
         */
        "400.malformed-request.invalid-input": {
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
         *     `read-model-building`: The read model is being built.
         *
         *     `part-away`: A part this needs is away.
         */
        "503.overloaded.read-model-building.part-away": {
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
         *     `part-away`: A part this needs is away.
         */
        "503.overloaded.part-away": {
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
         */
        "400.malformed-request.malformed-json.invalid-input": {
            headers: {
                "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `schema-unknown`: There is no such event type. */
        "404.schema-unknown": {
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
        /** @description `part-away`: A part this needs is away. */
        "503.part-away": {
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
        /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
        ConsistencyToken: string;
        /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
        Prefer: string;
        /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
        IfNoneMatch: string;
        /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
        RequestId: string;
        /** @description Operators only: reads the views as they were kept under this name. */
        AsOf: string;
        /** @description The last `id` of an earlier stream of the same views: this one begins with what has changed since. Where that is not known any more, it says `reset`. */
        LastEventId: string;
    };
    requestBodies: never;
    headers: {
        /** @description Stands for this very answer; weak. For If-None-Match. */
        ETag: string;
        /** @description What this answer has seen of the log. */
        ConsistencyTokenOfAnswer: string;
        /** @description Names the request in logs and events. */
        RequestIdOfAnswer: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    genres: {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            genre: string;
                            movies: number;
                        }[];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    movies: {
        parameters: {
            query?: {
                /**
                 * @description `a,b` is any of them; given more than once, all of them.
                 * @example Sci-Fi
                 */
                genre?: string | string[];
                /** @example 2010-2016 */
                year?: string;
                rating?: string;
                /** @description Minutes. */
                runtime?: string;
                /** @description The director, whole or in part, whatever its case and accents. */
                director?: string;
                /** @description An actor, whole or in part, whatever its case and accents. */
                actor?: string;
                /** @description The id that IMDb has for the movie. */
                imdbId?: string;
                /** @description The id that TMDB has for the movie. */
                tmdbId?: number;
                /** @description What search finds, in the order of this list. */
                q?: string;
                /** @description Up to 100 ids with commas: these movies in this order, on one page, retired ones too; `missing` has the ids that the catalogue does not know. Not together with a filter. */
                ids?: string;
                /** @example -rating */
                sort?: "title" | "-title" | "year" | "-year" | "rating" | "-rating" | "ratingVotes" | "-ratingVotes" | "runtime" | "-runtime" | "revenue" | "-revenue" | "metascore" | "-metascore";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ListedMovie"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                        /** @description With `ids`: those that the catalogue does not know. */
                        missing?: components["schemas"]["MovieId"][];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "movies-alias-1": {
        parameters: {
            query?: {
                /** @description `a,b` is any of them; given more than once, all of them. */
                genre?: string | string[];
                year?: string;
                rating?: string;
                /** @description Minutes. */
                runtime?: string;
                /** @description The director, whole or in part, whatever its case and accents. */
                director?: string;
                /** @description An actor, whole or in part, whatever its case and accents. */
                actor?: string;
                /** @description The id that IMDb has for the movie. */
                imdbId?: string;
                /** @description The id that TMDB has for the movie. */
                tmdbId?: number;
                /**
                 * @description What search finds, in the order of this list.
                 * @example dark knight
                 */
                q?: string;
                /** @description Up to 100 ids with commas: these movies in this order, on one page, retired ones too; `missing` has the ids that the catalogue does not know. Not together with a filter. */
                ids?: string;
                sort?: "title" | "-title" | "year" | "-year" | "rating" | "-rating" | "ratingVotes" | "-ratingVotes" | "runtime" | "-runtime" | "revenue" | "-revenue" | "metascore" | "-metascore";
                /** @description How many items a page has. */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ListedMovie"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                        /** @description With `ids`: those that the catalogue does not know. */
                        missing?: components["schemas"]["MovieId"][];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "movies-alias-2": {
        parameters: {
            query?: {
                year?: string;
                rating?: string;
                /** @description Minutes. */
                runtime?: string;
                /** @description The director, whole or in part, whatever its case and accents. */
                director?: string;
                /** @description An actor, whole or in part, whatever its case and accents. */
                actor?: string;
                /** @description The id that IMDb has for the movie. */
                imdbId?: string;
                /** @description The id that TMDB has for the movie. */
                tmdbId?: number;
                /** @description What search finds, in the order of this list. */
                q?: string;
                /** @description Up to 100 ids with commas: these movies in this order, on one page, retired ones too; `missing` has the ids that the catalogue does not know. Not together with a filter. */
                ids?: string;
                sort?: "title" | "-title" | "year" | "-year" | "rating" | "-rating" | "ratingVotes" | "-ratingVotes" | "runtime" | "-runtime" | "revenue" | "-revenue" | "metascore" | "-metascore";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example western */
                genre: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ListedMovie"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                        /** @description With `ids`: those that the catalogue does not know. */
                        missing?: components["schemas"]["MovieId"][];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    search: {
        parameters: {
            query: {
                /**
                 * @description Up to 20 words.
                 * @example wall-e
                 */
                q: string;
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FoundMovie"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    movie: {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
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
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Movie"];
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "movie-alias-1": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description `m` and the rank in the dataset, or a caller's own.
                 * @example 55
                 */
                movieId: components["schemas"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Movie"];
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.movie-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    rankings: {
        parameters: {
            query?: {
                /**
                 * @description `a,b` is any of them; given more than once, all of them.
                 * @example Drama
                 */
                genre?: string | string[];
                /** @example score */
                by?: "score" | "likes" | "trending";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RankedMovie"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "rankings-alias-1": {
        parameters: {
            query?: {
                by?: "score" | "likes" | "trending";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example horror */
                genre: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RankedMovie"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-votes": {
        parameters: {
            query?: {
                /** @description `a,b` is any of them; given more than once, all of them. */
                genre?: string | string[];
                sort?: "castAt" | "-castAt" | "title" | "-title" | "year" | "-year";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Vote"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-reminders": {
        parameters: {
            query?: {
                /** @description `a,b` is any of them; given more than once, all of them. */
                genre?: string | string[];
                sort?: "setAt" | "-setAt" | "remindAt" | "-remindAt" | "title" | "-title" | "year" | "-year";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Reminder"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-watched": {
        parameters: {
            query?: {
                /** @description `a,b` is any of them; given more than once, all of them. */
                genre?: string | string[];
                sort?: "watchedAt" | "-watchedAt" | "title" | "-title" | "year" | "-year";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Play"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-play": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
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
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Play"];
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.play-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-notifications": {
        parameters: {
            query?: {
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Notification"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-stats": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-recommendations": {
        parameters: {
            query?: {
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What I do counts at once. In the order, the votes of others may be those of a minute ago; the figures shown are new. */
                        items: components["schemas"]["Recommendation"][];
                        /** @description How many of my newest likes these rest on; with 0 they are the best of all. */
                        likes: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    tickets: {
        parameters: {
            query?: {
                /** @example closed */
                status?: "open" | "resolved" | "closed";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Ticket"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    ticket: {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
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
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.ticket-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ticket-timeline": {
        parameters: {
            query?: {
                sort?: "at" | "-at";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
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
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description From 1, without gaps. */
                            number: number;
                            /** Format: date-time */
                            at: string;
                            by: string;
                            /** @enum {string} */
                            type: "opened" | "message" | "service-order" | "resolved" | "reopened" | "closed";
                            message?: string;
                        }[];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.ticket-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-tickets": {
        parameters: {
            query?: {
                status?: "open" | "resolved" | "closed";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                sort?: "openedAt" | "-openedAt";
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Ticket"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "service-orders": {
        parameters: {
            query?: {
                status?: "open" | "resolved" | "closed";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServiceOrder"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-jobs": {
        parameters: {
            query?: {
                status?: "open" | "ended";
                act?: "rebuild" | "switch" | "rollback" | "as-of" | "drop" | "retry" | "discard" | "reveal";
                user?: string;
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Job"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-jobs-alias-1": {
        parameters: {
            query?: {
                status?: "open" | "ended";
                act?: "rebuild" | "switch" | "rollback" | "as-of" | "drop" | "retry" | "discard" | "reveal";
                user?: string;
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Job"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-job": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example c51d8787-203d-5307-88f5-d1525a9bce91 */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.job-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-revealed": {
        parameters: {
            query: {
                /**
                 * @description Topic, lane and offset of an event, such as `support/3/17`.
                 * @example movies/0/0
                 */
                event: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorsEvent"];
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden.not-revealed"];
            404: components["responses"]["404.as-of-unknown.event-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-projections": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-23T18:30:00.000Z
                         */
                        at: string;
                        items: {
                            /** @description With its version, as in `parcels@2`. */
                            view: string;
                            name: string;
                            /** @enum {string} */
                            state: "stopped" | "stalled" | "unserved" | "behind" | "building" | "live";
                            active: string | null;
                            previous: string | null;
                            kept: string[];
                            /** @description Not complete; without an owner nobody builds it at the moment. */
                            building: {
                                generation: string;
                                lanes: number;
                                of: number;
                                owner: string | null;
                            } | null;
                            switchedAt: string | null;
                            eventsBehind: number;
                            secondsBehind: number;
                            stalledSeconds: number;
                            eventsPerSecond: number;
                            parked: number;
                            lastError: string | null;
                            lanes: {
                                lane: number;
                                owner: string | null;
                                url: string | null;
                                /** @description The next offset of each topic. */
                                positions: {
                                    [key: string]: number;
                                };
                                eventsBehind: number;
                                secondsBehind: number;
                                stalledSeconds: number;
                                stopped: boolean;
                                error: string | null;
                            }[];
                            /** @description A quarter of an hour, a point every 5 s. */
                            trend: {
                                /**
                                 * Format: date-time
                                 * @example 2026-11-23T18:30:00.000Z
                                 */
                                at: string;
                                eventsBehind: number;
                                secondsBehind: number;
                                eventsPerSecond: number;
                            }[];
                        }[];
                        asOfs: {
                            name: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-23T18:30:00.000Z
                             */
                            time: string;
                            builtAt: string | null;
                            views: {
                                view: string;
                                generation: string;
                            }[];
                        }[];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-lanes": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-23T18:30:00.000Z
                         */
                        at: string;
                        items: {
                            lane: number;
                            owner: string | null;
                            url: string | null;
                            term: number;
                            /** @description What is left of the lease. */
                            leaseMs: number;
                            open: boolean;
                            /** @description Commands that wait. */
                            waiting: number;
                            transactionsPerSecond: number;
                            commandsPerSecond: number;
                            eventsPerSecond: number;
                            /** @description Of the last transactions. */
                            latencyMs: {
                                p50: number;
                                p99: number;
                            } | null;
                            /** @description Since the node has had the lane. */
                            inDoubt: number;
                            /** @description Since the node has had the lane. */
                            fenced: number;
                            /** @description Nodes that could not work it lately. */
                            failed: string[];
                            trouble: string | null;
                        }[];
                        nodes: {
                            url: string;
                            roles: string[];
                            ready: boolean;
                            reached: boolean;
                            trouble: string | null;
                        }[];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-reactors": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-23T18:30:00.000Z
                         */
                        at: string;
                        items: {
                            name: string;
                            /** @enum {string} */
                            state: "stopped" | "away" | "trying-again" | "behind" | "live";
                            /** @description What it reads; null while no process tells. */
                            topic: string | null;
                            eventsBehind: number;
                            eventsPerSecond: number;
                            /** @description Commands of it that were answered. */
                            commandsPerSecond: number;
                            parked: number;
                            lastError: string | null;
                            lanes: {
                                lane: number;
                                owner: string | null;
                                url: string | null;
                                eventsBehind: number;
                                stopped: boolean;
                                error: string | null;
                            }[];
                        }[];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-readers": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-23T18:30:00.000Z
                         */
                        at: string;
                        items: {
                            url: string;
                            /** @enum {string} */
                            state: "gone" | "away" | "not-ready" | "behind" | "slow" | "live";
                            /** @description For how long it has not told that it is there, although it should have. */
                            silentSeconds: number;
                            /** @description How long it took to tell about itself. */
                            answerMs: number | null;
                            /** @description Of the copy that is most behind. */
                            secondsBehind: number | null;
                            /** @description The views that it keeps in memory. */
                            copies: {
                                view: string;
                                /** @description Null until it is loaded. */
                                generation: string | null;
                                /** @description For how long it is not known to have seen all that the view has. */
                                secondsBehind: number | null;
                            }[];
                            trouble: string | null;
                        }[];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-dead-letters": {
        parameters: {
            query?: {
                view?: string;
                topic?: string;
                key?: string;
                error?: string;
                id?: string;
                details?: "true" | "false";
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            view: string;
                            generation: string;
                            topic: string;
                            lane: number;
                            offset: number;
                            key: string;
                            error: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-23T18:30:00.000Z
                             */
                            parkedAt: string;
                            /** @description How often it was retried in vain. */
                            attempts: number;
                            lastTriedAt: string | null;
                            /** @description No other letter of its key is before it. */
                            isFirst: boolean;
                            /** @description How many letters of its key wait behind it. */
                            behind: number;
                            /** @description If asked for: the event, and where its error came from. */
                            details: {
                                stack: string | null;
                                event: components["schemas"]["OperatorsEvent"];
                                bytes: number;
                            } | null;
                        }[];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-schemas": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            subject: string;
                            context: string;
                            type: string;
                            versions: number[];
                        }[];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-schema": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example VoteCast */
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        subject: string;
                        type: string;
                        versions: {
                            version: number;
                            id: number;
                            schema: unknown;
                            /** @description From the version before. */
                            differences: {
                                path: string;
                                /** @enum {string} */
                                change: "added" | "removed" | "changed";
                                before: unknown;
                                after: unknown;
                            }[];
                        }[];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.schema-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-events": {
        parameters: {
            query?: {
                /** @example m55 */
                movie?: string;
                ticket?: string;
                user?: string;
                stream?: string;
                correlation?: string;
                topic?: string;
                /** @description Which events come first. */
                order?: "oldest" | "newest";
                /** @description Where the first page begins: with the events of this time; newest first, with those before it. */
                from?: string;
                /** @description How many items a page has. */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OperatorsEvent"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.event-index-behind.read-model-behind.read-model-building.part-away"];
        };
    };
    "ops-moments": {
        parameters: {
            query?: {
                /** @example m55 */
                movie?: string;
                ticket?: string;
                user?: string;
                stream?: string;
                correlation?: string;
                /** @description The first time that is meant. */
                from?: string;
                /** @description The first time that is meant no more. */
                until?: string;
                /** @description How many parts, at most. */
                parts?: number;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description At each of them a part begins. Made from the index of events, so that events of the last seconds may lie after the last one. */
                        items: string[];
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-changes": {
        parameters: {
            query?: {
                /**
                 * @description How many items a page has.
                 * @example 3
                 */
                limit?: number;
                /** @description `next` of the last answer, however old; none begins anew. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MyChange"][];
                        /** @description The cursor of the next call, now or at any time. */
                        next: string;
                        /** @description Whether there are more changes already. */
                        more: boolean;
                        /** @description Drop what you have: these items begin anew. */
                        reset: boolean;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "catalogue-changes": {
        parameters: {
            query?: {
                /**
                 * @description How many items a page has.
                 * @example 2
                 */
                limit?: number;
                /** @description `next` of the last answer, however old; none begins anew. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MovieChange"][];
                        /** @description The cursor of the next call, now or at any time. */
                        next: string;
                        /** @description Whether there are more changes already. */
                        more: boolean;
                        /** @description Drop what you have: these items begin anew. */
                        reset: boolean;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-webhooks": {
        parameters: {
            query?: {
                /** @description How many items a page has. */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-webhook": {
        parameters: {
            query?: {
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
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
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.webhook-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-webhook-deliveries": {
        parameters: {
            query?: {
                /** @description How many items a page has. */
                limit?: number;
                /** @description `next` of the page before, for the page after it. */
                cursor?: string;
                /** @description Operators only: reads the views as they were kept under this name. */
                asOf?: components["parameters"]["AsOf"];
            };
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The ETag of an answer that is at hand; while it still holds the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
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
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WebhookDelivery"][];
                        /** @description The cursor of the next page, if any. */
                        next: string | null;
                        /** @description How many items all pages have. */
                        count: number;
                    };
                };
            };
            /** @description What If-None-Match names still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-cursor.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.as-of-unknown.webhook-unknown"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    catalogue: {
        parameters: {
            query?: never;
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A `CatalogueLine` a line; the list of the last is `end`. Without it, the answer was cut off. */
            200: {
                headers: {
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    "my-export": {
        parameters: {
            query?: never;
            header?: {
                /** @description Consistency-Token of an answer, or several with commas: the answer holds at least what that one did. Also as `?consistency=`. */
                "Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for what the token asks for: 2 unless told, at most 10. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A `ExportLine` a line; the list of the last is `end`. Without it, the answer was cut off. */
            200: {
                headers: {
                    "Consistency-Token": components["headers"]["ConsistencyTokenOfAnswer"];
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input.invalid-token"];
            401: components["responses"]["401.unauthorized"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-behind.read-model-building.part-away"];
        };
    };
    live: {
        parameters: {
            query: {
                /** @example movies */
                views: string | string[];
            };
            header?: {
                /** @description The last `id` of an earlier stream of the same views: this one begins with what has changed since. Where that is not known any more, it says `reset`. */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /**
             * @description Server-sent events. Each has JSON in `data`:
             *
             *     - `ready`, first: `{views, resumed, token}`.
             *     - `changed`: `{view, ids, token}`: these documents are new, others than before, or gone.
             *     - `dropped`: `{views, count, token}`: so many changes are not named, since they were too many at
             *     once, or the client took the stream too slowly.
             *     - `reset`: `{views, token}`: it is not known what has changed.
             *     - `end`: `{reason}`, last: `token-expired` or `node-stops`.
             *
             *     After `ready` without `resumed`, `dropped` and `reset`, read these views anew. A read that
             *     sends `token` as its `Consistency-Token` sees the change. A change may be told twice, and is
             *     always told. Each 12 s without a message brings a comment. When the stream ends, come back with
             *     `Last-Event-ID`.
             */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input"];
            401: components["responses"]["401.unauthorized"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.read-model-building.part-away"];
        };
    };
    "ops-tail": {
        parameters: {
            query?: {
                topic?: string | string[];
                /** @example VoteCast */
                type?: string | string[];
                from?: string;
                until?: string;
                stream?: string;
                user?: string;
                correlation?: string;
                movie?: string;
                ticket?: string;
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
            /**
             * @description Server-sent events, as the log gets them. Each has JSON in `data`:
             *
             *     - `event`: an `OperatorsEvent`; `id` is its place in the log. Text of people is masked.
             *     - `now`: `{all, at}`. What the request's `from` means has been sent; not all of it if
             *     there were more than 10,000 events. A later request with `at` as `from` misses nothing.
             *     - `dropped`: `{dropped}`: so many events were left out, since the client was too slow.
             *     - `end`: `{reason}`, last: the node stops; go on with another one.
             *
             *     Each 10 s bring a comment.
             */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["400.malformed-request.invalid-input"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            408: components["responses"]["408.request-timeout"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.overloaded.part-away"];
        };
    };
    "ops-schema-check": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII characters; else, and where none is sent, one is made. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example VoteCast */
                type: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An Avro schema, as JSON text. */
                    schema: string;
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestIdOfAnswer"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        compatible: boolean;
                        messages: string[];
                        /** @description From today's schema. */
                        differences: {
                            path: string;
                            /** @enum {string} */
                            change: "added" | "removed" | "changed";
                            before: unknown;
                            after: unknown;
                        }[];
                    };
                };
            };
            400: components["responses"]["400.malformed-request.malformed-json.invalid-input"];
            401: components["responses"]["401.unauthorized"];
            403: components["responses"]["403.forbidden"];
            404: components["responses"]["404.schema-unknown"];
            408: components["responses"]["408.request-timeout"];
            413: components["responses"]["413.body-too-large"];
            415: components["responses"]["415.media-type-unsupported"];
            417: components["responses"]["417.expectation-failed"];
            429: components["responses"]["429.rate-limited"];
            431: components["responses"]["431.headers-too-large"];
            500: components["responses"]["500.internal-error"];
            503: components["responses"]["503.part-away"];
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
