/** The announced end of a route; its answers and problems carry it. */
export type Deprecation = {
  /** A date, such as `2027-01-01`: since when the route should not be used any more. */
  since: string;
  /** When the route may be gone. */
  sunset?: string;
  /** The URL of what to use in its place. */
  link?: string;
};
