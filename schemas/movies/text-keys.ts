/** Text as it is matched and sorted: lower case, without accents, single spaces. */
export const folded = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

/** Where a title stands in an alphabetical list: without a leading The, A or An. */
export const titleKey = (title: string): string => folded(title).replace(/^(the|an?) (?=.)/, '');
