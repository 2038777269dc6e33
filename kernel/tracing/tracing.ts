/** Spans of this process, as far as the rest of the kernel knows them: nothing here is loaded. */

export type Attributes = Record<string, string | number>;

export type SpanOptions = {
  name: string;
  kind: 'server' | 'producer' | 'consumer';
  /**
   * The `traceparent` of each thing that led to this, repeats included. Of one, the span is a
   * child; of several, such as the requests of one transaction, it is linked to each.
   */
  of: readonly string[];
  /** Milliseconds since 1970, with fractions; now if unset. */
  startedAt?: number;
  attributes?: Attributes;
};

export type Span = {
  /** For what it leads to. */
  readonly traceparent: string;
  end(result?: { name?: string; attributes?: Attributes; failure?: string }): void;
};

export type Tracer = {
  start(options: SpanOptions): Span;
  /** Sends what is left. */
  close(): Promise<void>;
};

/** What passes spans on has one, or none while no endpoint is set. */
export type Traced = { tracer?: Tracer | undefined };

export type TracingOptions = {
  service: string;
  /** This process among others of the service. */
  instance: string;
  endpoint: string | undefined;
  /** The part of the traces begun here that is sent, from 0 to 1. */
  ratio: number;
  onWarning: (message: string) => void;
};

/** For `startedAt`. */
export const nowExact = (): number => performance.timeOrigin + performance.now();
