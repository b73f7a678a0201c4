/** The look of the reference page, light and dark; its colours are those of the console. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; line-height: 1.5; overflow-wrap: anywhere;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  background: light-dark(#f5f6f8, #0d1117); color: light-dark(#161d27, #e9eef4); }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; }
p { margin: 0 0 .75rem; max-width: 46rem; }
a { color: light-dark(#0a5ab0, #74b6ff); }
a:focus-visible { outline: 2px solid light-dark(#0a5ab0, #74b6ff); outline-offset: 2px; border-radius: 2px; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .875rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: 0; padding: 0; }
nav a { display: inline-block; padding: .375rem 0; min-height: 2rem; }
article { margin: 0 0 .75rem; padding: 1rem; border: 1px solid light-dark(#dde2e8, #2b323c); border-radius: .5rem;
  background: light-dark(#ffffff, #161b22); }
article p { color: light-dark(#4b5665, #a9b4c1); }
dl { margin: 0 0 .75rem; display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: .25rem 1rem; align-items: baseline; }
dt small, dd { color: light-dark(#4b5665, #a9b4c1); font-size: .875rem; }
dd { margin: 0; }
pre { margin: 0; padding: .75rem; border-radius: .375rem; white-space: pre-wrap; background: light-dark(#edf0f3, #222932); }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
`;
