//! Work spread over all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does `work` for every task and returns the results in the order of the tasks.
///
/// Tasks begin in the order of falling `weight`: a long one that begins last would keep one core busy while the
/// others have nothing to do. The result depends on neither the weights nor the number of cores.
pub fn each<T: Sync, R: Send>(tasks: &[T], weight: impl Fn(&T) -> usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut order: Vec<usize> = (0..tasks.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(weight(&tasks[*at])));
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(tasks.len())));
    let take = || {
        while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = work(&tasks[at]);
            // The lock is only held to push; no holder can panic.
            done.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((at, result));
        }
    };
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get()).min(tasks.len());
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(take);
        }
        take();
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn results_keep_the_order_of_the_tasks() {
        let tasks: Vec<usize> = (0..100).collect();
        assert_eq!(
            each(&tasks, |task| *task % 7, |task| task * 2),
            tasks.iter().map(|task| task * 2).collect::<Vec<_>>()
        );
        assert!(each(&[] as &[usize], |_| 0, |task| *task).is_empty());
    }
}
