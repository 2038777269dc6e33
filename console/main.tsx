import './look/global.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { v4 as uuid4 } from 'uuid';
import { Failure } from './look/parts.tsx';
import { makeRouter } from './routes.tsx';
import { NotYet } from './shell/not-yet.tsx';
import { answers } from './system/answers.ts';
import { connect } from './system/api.ts';
import { resume } from './system/session.ts';
import { loadSettings, untilServed } from './system/settings.ts';
import { endSignIn, isLedBack } from './system/sign-in.ts';

async function start(root: Root): Promise<void> {
  try {
    const settings = await loadSettings().catch((error: Error) => {
      root.render(<NotYet why={error.message} />);
      return untilServed();
    });
    if (settings.oidc && isLedBack()) await endSignIn(settings.oidc);
    resume(settings);
    connect(settings);
    root.render(
      <StrictMode>
        <QueryClientProvider client={answers}>
          <RouterProvider router={makeRouter()} />
        </QueryClientProvider>
      </StrictMode>,
    );
  } catch (error) {
    root.render(<Failure error={error} again={() => window.location.reload()} />);
  }
}

// Browsers have it over https and on this machine alone; commands need ids everywhere.
crypto.randomUUID ??= () => uuid4({}) as ReturnType<Crypto['randomUUID']>;

const element = document.getElementById('console');
if (element) void start(createRoot(element));
