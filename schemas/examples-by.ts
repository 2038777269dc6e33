/** What the API documents say of their examples. */
export const examplesBy =
  'were recorded on the catalogue that comes with the system, by `ada`, who has every role.';
