/** How the API documents go on after the word "Examples". */
export const examplesBy =
  'were recorded on the catalogue that comes with the system, by `ada`, who has every role.';
