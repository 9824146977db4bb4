// Before everything else, so that what fails while the app loads is seen.
import './telemetry';
import { ErrorBoundary, reactErrorHandlers } from '@artel/telemetry-react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Table } from './Table';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root, reactErrorHandlers()).render(
  <StrictMode>
    <ErrorBoundary>
      <Table sessionId={crypto.randomUUID()} />
    </ErrorBoundary>
  </StrictMode>,
);
