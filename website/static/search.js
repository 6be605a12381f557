// What our pages expect of Sphinx's search besides: numbers are words, such as codes of the API.
const parseWords = Search._parseQuery;
Search._parseQuery = (query) => {
  const [text, words, excluded, highlighted, names] = parseWords(query);
  for (const number of query.match(/\b\d+\b/g) ?? []) {
    words.add(number);
    highlighted.add(number);
  }
  return [text, words, excluded, highlighted, names];
};

// Excerpts are fetched, which browsers do not allow pages that are files.
DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = location.protocol !== "file:";

// Pages come before names that contain a word, and before attributes, which many classes share.
Scorer.objPartialMatch = -4;
Scorer.objPrio = { 0: 5, 1: 5 };
Scorer.score = ([, , , kind, score]) => (kind?.startsWith("Python attribute") ? score - 13 : score);

// The anchors of entries are empty; their excerpts are those of the page.
const textOf = Search.htmlToText;
Search.htmlToText = (html, anchor) => textOf(html, anchor) || textOf(html);
