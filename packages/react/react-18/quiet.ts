// React 18 in development dispatches each error to the window, and jsdom prints at length what nobody there prevents.
if (typeof window !== 'undefined') window.addEventListener('error', (event) => event.preventDefault());
