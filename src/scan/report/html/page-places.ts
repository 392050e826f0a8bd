/** Where the title and the data of a page go in its template. Each occurs once. */
export const TITLE_PLACE = '{{title}}';
export const DATA_PLACE = '{{data}}';
