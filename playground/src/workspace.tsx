import { useGraphiQL } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { type RefObject, useEffect } from 'react';
import { CopyAs } from './copy-as.js';
import { Header } from './header.js';
import { ResponseBar } from './response-bar.js';
import { useActiveTab } from './use-active-tab.js';

const EDITOR_OPTIONS = {
  fontSize: 13,
  fontFamily: "'Fira Code', ui-monospace, monospace",
  wordWrap: 'on',
  lineDecorationsWidth: 2,
  // At the end of an editor the wheel scrolls the page, which is longer than the window below 800 px.
  scrollbar: { alwaysConsumeMouseWheel: false, verticalScrollbarSize: 10 },
} as const;

/**
 * The page: the header, then GraphiQL's own interface with the status bar above the response.
 *
 * @param activeTab - is set to the ID of the open tab.
 */
export function Workspace({ activeTab }: { readonly activeTab: RefObject<string> }) {
  const tab = useActiveTab();
  activeTab.current = tab;
  useEditorOptions();
  return (
    // GraphiQL's class gives the header its colors and sizes.
    <div className="graphiql-container playground">
      <Header />
      <GraphiQLInterface
        defaultEditorToolsVisibility="variables"
        isHeadersEditorEnabled={false}
        showPersistHeadersSettings={false}
      >
        <GraphiQL.Logo>{null}</GraphiQL.Logo>
        <GraphiQL.Toolbar>
          {({ prettify, merge, copy }) => (
            <>
              {prettify}
              {merge}
              {copy}
              {/* A key, so that its notice ends with the tab. */}
              <CopyAs key={tab} />
            </>
          )}
        </GraphiQL.Toolbar>
        <GraphiQL.Footer>
          <ResponseBar />
        </GraphiQL.Footer>
      </GraphiQLInterface>
    </div>
  );
}

function useEditorOptions() {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const responseEditor = useGraphiQL((state) => state.responseEditor);
  useEffect(() => {
    for (const editor of [queryEditor, variableEditor, responseEditor]) editor?.updateOptions(EDITOR_OPTIONS);
  }, [queryEditor, variableEditor, responseEditor]);
}
