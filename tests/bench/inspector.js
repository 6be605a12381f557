// Measurements on the page of the inspector, in milliseconds.

const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

globalThis.bench = {
    /** Until a filter is computed, and until its result is painted. */
    async filter(text) {
        const field = document.querySelector("input[type=search]");
        const start = performance.now();
        field.value = text;
        field.dispatchEvent(new Event("input"));
        const computed = performance.now() - start;
        await painted();
        return [computed, performance.now() - start];
    },

    /** For each frame, while the list is scrolled from its begin to its end. */
    async scroll() {
        const list = document.querySelector(".long-list");
        const frames = [];
        for (let step = 0; step < 60; step += 1) {
            const start = performance.now();
            list.scrollTop = (list.scrollHeight * step) / 60;
            await painted();
            frames.push(performance.now() - start);
        }
        return frames;
    },

    firstPaint: () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
};
