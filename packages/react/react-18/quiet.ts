// React 18 for development dispatches each error to the window, and jsdom prints those whose default is not prevented.
if (typeof window !== 'undefined') window.addEventListener('error', (event) => event.preventDefault());
