/* Leave out of a style sheet what no page uses: `node sheet.js PURGECSS < {css, words, variables}`. */
const { PurgeCSS } = require(process.argv[2]);

let text = "";
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", async () => {
  const { css, words, variables } = JSON.parse(text);
  const [sheet] = await new PurgeCSS().purge({
    css: [{ raw: css }],
    content: [{ raw: words.join(" "), extension: "words" }],
    defaultExtractor: (content) => content.split(" "),
    keyframes: true,
    variables: true,
    safelist: { variables },
  });
  process.stdout.write(sheet.css);
});
